"""Passwords, keys and the secret they rest on."""

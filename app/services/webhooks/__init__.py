"""Webhooks out: owners' servers are told what happens, signed, and again until they have it."""

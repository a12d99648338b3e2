"""Channels: what comes in from providers, and what goes out to them."""

"""Tokens in links: they can be used once, and only their hash is kept."""

import hashlib
import secrets


def new_token() -> str:
    """43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token. A plain SHA-256 is enough: nobody can guess 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()

"""The API keys of assistants."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken

from app.security.secret import derive


class KeyVault:
    """Makes keys, and what may stand of them in the database: a hash to find, a ciphertext to show."""

    def __init__(self, secret: str) -> None:
        self._cipher = Fernet(base64.urlsafe_b64encode(derive(secret, "api keys at rest")))

    @staticmethod
    def create() -> str:
        """A new key: 64 URL-safe characters, 384 random bits."""
        return secrets.token_urlsafe(48)

    @staticmethod
    def hash(key: str) -> str:
        """What a key is looked up by. A plain SHA-256 is enough: nobody can guess 384 bits."""
        return hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()

    def encrypt(self, key: str) -> bytes:
        """The key as it is stored."""
        return self._cipher.encrypt(key.encode())

    def decrypt(self, stored: bytes) -> str:
        """The key, or "" if another SECRET_KEY encrypted it: it still works, but cannot be shown."""
        try:
            return self._cipher.decrypt(stored).decode()
        except InvalidToken:
            return ""

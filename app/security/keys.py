"""The API keys of assistants, and the encryption of these and other secrets at rest."""

import base64
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.security.secret import derive


class KeyVault:
    """Makes keys, and what of them may be in the database: a hash to find, a ciphertext to show.

    It encrypts under `secret`, and reads what was encrypted under that or one of the `old` ones.
    """

    def __init__(self, secret: str, old: Sequence[str] = ()) -> None:
        self._current = _cipher(secret)
        self._all = MultiFernet([self._current, *map(_cipher, old)])

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
        return self._current.encrypt(key.encode())

    def decrypt(self, stored: bytes) -> str:
        """The key, or "" if another SECRET_KEY encrypted it: it still works, but cannot be shown."""
        try:
            return self._all.decrypt(stored).decode()
        except InvalidToken:
            return ""

    def is_current(self, stored: bytes) -> bool:
        """Whether it was encrypted under the current secret."""
        try:
            self._current.decrypt(stored)
        except InvalidToken:
            return False
        return True

    def renewed(self, stored: bytes) -> bytes | None:
        """The same under the current secret; None if no secret that is known reads it."""
        try:
            return self._all.rotate(stored)
        except InvalidToken:
            return None


def _cipher(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derive(secret, "api keys at rest")))

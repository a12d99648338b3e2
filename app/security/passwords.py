"""Password hashes."""

import base64
import hashlib
import hmac
import unicodedata

import bcrypt

_SALT_LENGTH = len("$2b$12$") + 22
_DIGEST_LENGTH = 31


class PasswordHasher:
    """bcrypt over HMAC-SHA-256, as passlib's `bcrypt_sha256` version 2 does it.

    bcrypt reads 72 bytes and stops at a NUL; the digest makes every character of a longer password count.
    Passwords are compared after Unicode's NFKC (NIST SP 800-63B, 5.1.1.2), so that keyboards agree.
    """

    def __init__(self, rounds: int = 12) -> None:
        self._rounds = rounds
        # What a hash looks like, made without the time that a hash takes: no password is known to fit it.
        self._nobody = bcrypt.gensalt(rounds).decode() + "." * _DIGEST_LENGTH

    def hash(self, password: str) -> str:
        """A hash with a new salt; takes about 0.2 s at 12 rounds."""
        salt = bcrypt.gensalt(self._rounds)
        return bcrypt.hashpw(_digest(password, salt), salt).decode()

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether `password` made `hashed`; None (no such user) takes as long as a wrong password."""
        expected = (hashed or self._nobody).encode()
        matches = bcrypt.checkpw(_digest(password, expected[:_SALT_LENGTH]), expected)
        return matches and hashed is not None


def _digest(password: str, salt: bytes) -> bytes:
    normalised = unicodedata.normalize("NFKC", password).encode()
    return base64.b64encode(hmac.digest(salt, normalised, hashlib.sha256))

"""The secret that signs tokens and encrypts keys at rest."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import UnavailableError

_SHORTEST = 32


def load_or_create_secret(path: Path) -> str:
    """The secret kept at `path` (mode 0600), made at the first call; a crash or a second caller does no harm."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret = path.read_text().strip()
    if len(secret) < _SHORTEST:
        raise UnavailableError(f"SECRET_KEY: the file {path.name} in DATA_DIR is damaged; restore it.")
    return secret


def derive(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF, RFC 5869): knowing one derived key tells nothing about another."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())

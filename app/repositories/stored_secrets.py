"""Everything that is encrypted in the database, whatever collection it is in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from pymongo.database import Database

from app.domain.rows import Row
from app.repositories.mongo import repeated

ENCRYPTED = ("assistants", "channels", "embedding_models", "mail_outbox")
"""The collections with encrypted values; all others have none."""
_BEGINNING = b"gAAAAA"  # of a Fernet token: version 0x80 and a time of this era, in base64


class RotatingVault(Protocol):
    """What encrypts under one secret and reads what was encrypted under older ones, too."""

    def is_current(self, stored: bytes) -> bool: ...
    def renewed(self, stored: bytes) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """How many values were encrypted anew, were so already, and can be read with no secret that is known."""

    renewed: int = 0
    current: int = 0
    unreadable: int = 0


class StoredSecrets:
    """Encrypts what is in the database under the current secret."""

    def __init__(self, database: Database[Row], vault: RotatingVault) -> None:
        self._database = database
        self._vault = vault

    def rekey(self) -> Rekeyed:
        """One value after another, so that it can be cut off and repeated; what others change meanwhile stays."""
        renewed = current = unreadable = 0
        for name in ENCRYPTED:
            for row in self._database[name].find({}):
                for path, stored in encrypted_values(row):
                    if self._vault.is_current(stored):
                        current += 1
                    elif (anew := self._vault.renewed(stored)) is None:
                        unreadable += 1
                    else:
                        self._replace(name, row["_id"], path, stored, anew)
                        renewed += 1
        return Rekeyed(renewed, current, unreadable)

    def _replace(self, name: str, row_id: Any, path: str, stored: bytes, anew: bytes) -> None:
        unchanged = {"_id": row_id, path: stored}
        repeated(lambda: self._database[name].update_one(unchanged, {"$set": {path: anew}}))


def encrypted_values(value: Any, path: str = "") -> Iterator[tuple[str, bytes]]:
    """Every encrypted value in a row, with its path as MongoDB writes it: `webhooks.0.secret_encrypted`."""
    if isinstance(value, bytes) and value.startswith(_BEGINNING):
        yield path, value
    elif isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for name, part in parts:
            yield from encrypted_values(part, f"{path}.{name}".lstrip("."))

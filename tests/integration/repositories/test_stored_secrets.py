"""What is encrypted in the database goes over to another secret."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId

from app.domain.embeddings import EmbeddingSetting
from app.domain.ids import new_id
from app.domain.mail import Mail, MailKind, QueuedMail
from app.domain.webhooks import EventType, Webhook
from app.repositories.stored_secrets import ENCRYPTED, Rekeyed, StoredSecrets, encrypted_values
from app.security.keys import KeyVault
from tests.integration.rows import NOW, World

OLD = "a secret for tests, long enough to be one"
NEW = "another secret for tests, long enough to be one"


@pytest.fixture
def filled(world: World) -> World:
    """A database of its own kinds of secrets, and none of other tests."""
    for name in ENCRYPTED:
        world.database[name].delete_many({})
    assistant = world.assistant()
    for number in range(2):
        webhook = Webhook(new_id(), f"https://{number}.example.com/", (EventType.DOCUMENT_READY,), NOW)
        world.rows.webhooks.add(assistant.id, webhook, f"whsec_{number}", most=10)
    world.rows.embedding_models.use("m", EmbeddingSetting("m", "https://example.com", "sk-1"))
    world.rows.embedding_models.use("local", EmbeddingSetting("local", None, None))
    mail = Mail("ana@example.com", "Olá", "o link com o token")
    kind = next(iter(MailKind))
    world.rows.mail_outbox.add(QueuedMail(new_id(), kind, mail, NOW, datetime.now(UTC) + timedelta(hours=1), 0))
    return world


def secrets_in(world: World, *secrets: str) -> list[str]:
    """All that is encrypted, as a service with these secrets reads it."""
    vault = KeyVault(secrets[0], secrets[1:])
    rows = [row for name in ENCRYPTED for row in world.database[name].find()]
    return sorted(vault.decrypt(stored) for row in rows for _, stored in encrypted_values(row))


def test_everything_is_encrypted_anew_once(filled: World) -> None:
    before = secrets_in(filled, OLD)
    assert len(before) == 5
    assert {"whsec_0", "whsec_1", "sk-1", "o link com o token"} < set(before)
    stored = StoredSecrets(filled.database, KeyVault(NEW, [OLD]))

    assert stored.rekey() == Rekeyed(renewed=5)
    assert secrets_in(filled, NEW) == before
    assert stored.rekey() == Rekeyed(current=5)


class CutOffVault(KeyVault):
    """Stops the process after some values."""

    left = 3

    def renewed(self, stored: bytes) -> bytes | None:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().renewed(stored)


def test_what_was_cut_off_is_finished_by_the_next_run(filled: World) -> None:
    before = secrets_in(filled, OLD)
    with pytest.raises(KeyboardInterrupt):
        StoredSecrets(filled.database, CutOffVault(NEW, [OLD])).rekey()
    assert secrets_in(filled, NEW, OLD) == before

    assert StoredSecrets(filled.database, KeyVault(NEW, [OLD])).rekey() == Rekeyed(renewed=2, current=3)
    assert secrets_in(filled, NEW) == before


def test_what_no_secret_reads_is_counted_and_stays(filled: World) -> None:
    filled.database["embedding_models"].update_one(
        {"_id": "m"}, {"$set": {"key_encrypted": KeyVault("a third secret, long enough to be one").encrypt("x")}}
    )

    assert StoredSecrets(filled.database, KeyVault(NEW, [OLD])).rekey() == Rekeyed(renewed=4, unreadable=1)


class BusyVault(KeyVault):
    """Somebody changes a value between its reading and its writing."""

    world: World

    def renewed(self, stored: bytes) -> bytes | None:
        self.world.rows.embedding_models.use("m", EmbeddingSetting("m", None, "sk-2"))
        return super().renewed(stored)


def test_what_others_change_meanwhile_stays(filled: World) -> None:
    vault = BusyVault(NEW, [OLD])
    vault.world = filled

    StoredSecrets(filled.database, vault).rekey()

    assert "sk-2" in secrets_in(filled, NEW, OLD)
    assert "sk-1" not in secrets_in(filled, NEW, OLD)


def test_values_are_found_wherever_they_are() -> None:
    stored = KeyVault(OLD).encrypt("x")
    row: dict[str, Any] = {"_id": ObjectId(), "a": stored, "b": [{"c": stored, "d": b"other", "e": "gAAAAA"}]}

    assert dict(encrypted_values(row)) == {"a": stored, "b.0.c": stored}

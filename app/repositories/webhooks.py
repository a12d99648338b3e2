"""The webhooks in the rows of the collection `assistants`.

They lie there so that whoever has the assistant knows without a query whether anybody wants an event.
"""

from datetime import datetime
from typing import Protocol

from bson import ObjectId
from pymongo.database import Database

from app.domain.rows import Row
from app.domain.webhooks import Receiver, Webhook


class Vault(Protocol):
    """What turns a secret into what may be in the database."""

    def encrypt(self, key: str) -> bytes: ...
    def decrypt(self, stored: bytes) -> str: ...


class WebhookRepository:
    """Webhooks, with their secrets encrypted."""

    def __init__(self, database: Database[Row], vault: Vault) -> None:
        self._rows = database["assistants"]
        self._vault = vault

    def add(self, assistant_id: str, webhook: Webhook, secret: str, most: int) -> bool:
        """Add a webhook; False, and nothing is added, if the assistant has `most` (or is gone)."""
        row = {
            "_id": ObjectId(webhook.id),
            "url": webhook.url,
            "events": list(webhook.events),
            "secret_encrypted": self._vault.encrypt(secret),
            "createdAt": webhook.created_at,
            "disabled_at": webhook.disabled_at,
        }
        with_room = {"_id": ObjectId(assistant_id), f"webhooks.{most - 1}": {"$exists": False}}
        return self._rows.update_one(with_room, {"$push": {"webhooks": row}}).matched_count == 1

    def remove(self, assistant_id: str, webhook_id: str) -> bool:
        """Remove a webhook; False if there is none with this id."""
        having = {"_id": ObjectId(assistant_id), "webhooks._id": ObjectId(webhook_id)}
        change = {"$pull": {"webhooks": {"_id": ObjectId(webhook_id)}}}
        return self._rows.update_one(having, change).matched_count == 1

    def disable(self, assistant_id: str, webhook_id: str, now: datetime) -> None:
        """From now on it is told of nothing."""
        having = {"_id": ObjectId(assistant_id), "webhooks._id": ObjectId(webhook_id)}
        self._rows.update_one(having, {"$set": {"webhooks.$.disabled_at": now}})

    def receiver(self, assistant_id: str, webhook_id: str) -> Receiver | None:
        """Where its deliveries go; None if it is gone."""
        row = self._rows.find_one({"_id": ObjectId(assistant_id), "deleted_at": None}, {"webhooks": 1})
        for one in row.get("webhooks", ()) if row else ():
            if str(one["_id"]) == webhook_id:
                secret = self._vault.decrypt(one["secret_encrypted"])
                return Receiver(one["url"], secret, one["disabled_at"] is not None)
        return None

"""The collection `embedding_models`: which models made embeddings that are kept, and how to open them again."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bson import ObjectId
from pymongo.database import Database

from app.domain.embeddings import EmbeddingSetting
from app.domain.rows import Row
from app.repositories.assistant_rows import Vault
from app.repositories.mongo import repeated

_MOST = 100_000


class EmbeddingModelRepository:
    """Embedding models by their names, with the settings they were opened by."""

    def __init__(self, database: Database[Row], vault: Vault, clock: Callable[[], datetime]) -> None:
        self._rows = database["embedding_models"]
        self._documents = database["documents"]
        self._vault = vault
        self._clock = clock

    def use(self, model: str, setting: EmbeddingSetting) -> None:
        """From now on `model` is the one that embeds."""
        key = self._vault.encrypt(setting.api_key) if setting.api_key else None
        values = {
            "setting": setting.model,
            "base_url": setting.base_url,
            "key_encrypted": key,
            "used_at": self._clock(),
        }
        self._rows.update_one({"_id": model}, {"$set": values}, upsert=True)

    def setting_of(self, model: str) -> EmbeddingSetting | None:
        """What a model was opened by; None for one that was never used here."""
        row = self._rows.find_one({"_id": model})
        if row is None:
            return None
        key = self._vault.decrypt(row["key_encrypted"]) if row["key_encrypted"] else None
        return EmbeddingSetting(row["setting"], row["base_url"], key or None)

    def used(self) -> list[str]:
        """All models that were used, the latest first."""
        rows = sorted(self._rows.find({}), key=lambda row: row["used_at"], reverse=True)
        return [row["_id"] for row in rows]

    def is_needed(self, model: str) -> bool:
        """Whether there is a document that has embeddings of `model`, and none of a model used later."""
        return self._documents.find_one({"latest_model": model}, {"_id": 1}) is not None

    def documents_by_model(self) -> dict[str, int]:
        """By each model that was used, the latest first, how many documents it embedded last; at most 100,000."""
        return {
            model: self._documents.count_documents({"latest_model": model}, limit=_MOST) for model in self.used()
        }

    def documents_of(self, model: str, limit: int) -> list[str]:
        """Documents that have embeddings of `model`, in no order."""
        return [str(row["_id"]) for row in self._documents.find({"indexed_models": model}, {"_id": 1}).limit(limit)]

    def retire(self, model: str, document_ids: Sequence[str]) -> None:
        """These documents are not searched by this model any more."""
        wanted = {"_id": {"$in": [ObjectId(one) for one in document_ids]}}
        repeated(lambda: self._documents.update_many(wanted, {"$pull": {"indexed_models": model}}))

    def forget(self, model: str) -> None:
        """A model whose embeddings are gone."""
        self._rows.delete_one({"_id": model})

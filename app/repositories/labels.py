"""The collection `labels`, and the labels of conversations."""

from collections.abc import Sequence

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.folding import fold
from app.domain.labels import Label
from app.domain.rows import Row
from app.repositories.conversation_rows import touched
from app.repositories.mongo import repeated


class LabelRepository:
    """Labels; of two that differ in case and accents only, an assistant has one."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["labels"]
        self._conversations = database["conversations"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("folded", ASCENDING)], unique=True)

    def add(self, label: Label) -> bool:
        """Store a new label; False if there is one of this name."""
        row = {
            "_id": ObjectId(label.id),
            "assistant_id": ObjectId(label.assistant_id),
            "name": label.name,
            "folded": fold(label.name),
            "color": label.color,
            "createdAt": label.created_at,
        }
        try:
            self._rows.insert_one(row)
        except DuplicateKeyError:
            return False
        return True

    def by_id(self, label_id: str) -> Label | None:
        """The label with this id."""
        row = self._rows.find_one({"_id": ObjectId(label_id)})
        return label_of(row) if row else None

    def of_assistant(self, assistant_id: str) -> list[Label]:
        """All labels of an assistant, by name."""
        rows = self._rows.find({"assistant_id": ObjectId(assistant_id)})
        return [label_of(row) for row in sorted(rows, key=lambda row: str(row["folded"]))]

    def change(self, label: Label) -> bool:
        """Give it another name and color; False if there is another one of this name."""
        values = {"name": label.name, "folded": fold(label.name), "color": label.color}
        try:
            self._rows.update_one({"_id": ObjectId(label.id)}, {"$set": values})
        except DuplicateKeyError:
            return False
        return True

    def delete(self, label_id: str) -> bool:
        """Delete a label, and take it off all conversations; False if that was done before."""
        self._take_off(label_id)
        was_there = self._rows.delete_one({"_id": ObjectId(label_id)}).deleted_count == 1
        self._take_off(label_id)  # where somebody has put it meanwhile
        return was_there

    def put(self, conversation_id: str, label_ids: Sequence[str]) -> None:
        """Give a conversation these labels, in the place of those it had."""
        labels = [ObjectId(one) for one in label_ids]
        change: Row = {"$set": {"labels": labels, **touched()}}
        if not labels:
            change = {"$unset": {"labels": ""}, "$set": touched()}
        self._conversations.update_one({"_id": ObjectId(conversation_id)}, change)

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _take_off(self, label_id: str) -> None:
        label = ObjectId(label_id)
        change = {"$pull": {"labels": label}, "$set": touched()}
        repeated(lambda: self._conversations.update_many({"labels": label}, change))


def label_of(row: Row) -> Label:
    """The label of a row."""
    return Label(str(row["_id"]), str(row["assistant_id"]), row["name"], row["color"], row["createdAt"])

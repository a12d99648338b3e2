"""The collection `prompt_versions`: what assistants were told, and since when."""

from typing import Any

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.prompts import Author, Authorship, PromptVersion
from app.domain.rows import Row
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first


class PromptVersionRepository:
    """Versions; each write may be made again."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["prompt_versions"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("_id", ASCENDING)])

    def put(self, version: PromptVersion) -> None:
        """Store a version, or replace the one of this id."""
        self._rows.replace_one({"_id": ObjectId(version.id)}, _to_row(version), upsert=True)

    def by_id(self, version_id: str) -> PromptVersion | None:
        """The version with this id."""
        row = self._rows.find_one({"_id": ObjectId(version_id)})
        return _from_row(row) if row else None

    def page(self, assistant_id: str, before: str | None, limit: int) -> list[PromptVersion]:
        """An assistant's versions, newest first."""
        of_assistant = {"assistant_id": ObjectId(assistant_id)}
        rows = newest_first(self._dialect, self._rows, [of_assistant], before, limit)
        return [_from_row(row) for row in rows]

    def set_note(self, version_id: str, note: str) -> None:
        """Change what is noted of a version."""
        self._rows.update_one({"_id": ObjectId(version_id)}, {"$set": {"note": note}})

    def keep_newest(self, assistant_id: str, most: int) -> None:
        """Delete all versions of an assistant but the newest."""
        of_assistant = {"assistant_id": ObjectId(assistant_id)}
        ids = sorted((row["_id"] for row in self._rows.find(of_assistant, {"_id": 1})), reverse=True)
        if len(ids) > most:
            older = {**of_assistant, "_id": {"$lte": ids[most]}}
            repeated(lambda: self._rows.delete_many(older))

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Delete all versions of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def authorship_row(authorship: Authorship) -> Row:
    """Who wrote a prompt, and why, as part of a row."""
    author, restored, run_id = authorship.author, authorship.restored_from, authorship.run_id
    return {
        "author": {"id": ObjectId(author.id), "name": author.name} if author else None,
        "note": authorship.note,
        "restored_from": ObjectId(restored) if restored else None,
        "run_id": ObjectId(run_id) if run_id else None,
    }


def authorship_of(row: Row) -> Authorship:
    """That of a row; of one from before it was written down, nobody's."""
    return Authorship(
        author_of(row), row.get("note", ""), _text(row.get("restored_from")), _text(row.get("run_id"))
    )


def author_of(row: Row) -> Author | None:
    """The author that a row names."""
    author = row.get("author")
    return Author(str(author["id"]), author["name"]) if author else None


def _text(stored: Any) -> str | None:
    return str(stored) if stored else None


def _to_row(version: PromptVersion) -> Row:
    return {
        "_id": ObjectId(version.id),
        "assistant_id": ObjectId(version.assistant_id),
        "createdAt": version.created_at,
        "text": version.text,
        **authorship_row(version.authorship),
    }


def _from_row(row: Row) -> PromptVersion:
    return PromptVersion(
        str(row["_id"]), str(row["assistant_id"]), row["createdAt"], row["text"], authorship_of(row)
    )

"""The collection `notes`: private notes at conversations."""

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from app.domain.notes import Note
from app.domain.rows import Row
from app.repositories.mongo import repeated


class NoteRepository:
    """Notes."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["notes"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("conversation_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING)])

    def add(self, note: Note) -> None:
        """Store a new note."""
        row = {
            "_id": ObjectId(note.id),
            "assistant_id": ObjectId(note.assistant_id),
            "conversation_id": ObjectId(note.conversation_id),
            "author": {"id": ObjectId(note.author_id), "name": note.author_name},
            "text": note.text,
            "createdAt": note.created_at,
        }
        self._rows.insert_one(row)

    def by_id(self, note_id: str) -> Note | None:
        """The note with this id."""
        row = self._rows.find_one({"_id": ObjectId(note_id)})
        return note_of(row) if row else None

    def page(self, conversation_id: str, before: str | None, limit: int) -> list[Note]:
        """The notes of a conversation, newest first."""
        wanted: Row = {"conversation_id": ObjectId(conversation_id)}
        if before:
            wanted["_id"] = {"$lt": ObjectId(before)}
        return [note_of(row) for row in self._rows.find(wanted).sort("_id", DESCENDING).limit(limit)]

    def count(self, conversation_id: str, most: int) -> int:
        """How many a conversation has; `most` means that many or more."""
        return self._rows.count_documents({"conversation_id": ObjectId(conversation_id)}, limit=most)

    def delete(self, note_id: str) -> bool:
        """Delete a note; False if that was done before."""
        return self._rows.delete_one({"_id": ObjectId(note_id)}).deleted_count == 1

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete what was written of a contact before this id; returns how many rows."""
        written = {"conversation_id": ObjectId(conversation_id), "_id": {"$lt": ObjectId(before)}}
        return repeated(lambda: self._rows.delete_many(written)).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def note_of(row: Row) -> Note:
    """The note of a row."""
    return Note(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        conversation_id=str(row["conversation_id"]),
        author_id=str(row["author"]["id"]),
        author_name=row["author"]["name"],
        text=row["text"],
        created_at=row["createdAt"],
    )

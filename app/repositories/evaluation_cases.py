"""The collection `evaluation_cases`: the question sets of assistants."""

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.evaluations import CaseSource, EvaluationCase
from app.domain.rows import Row
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first


class EvaluationCaseRepository:
    """Cases; of an assistant no two have the same key."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["evaluation_cases"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("key", ASCENDING)], unique=True)
        self._rows.create_index([("assistant_id", ASCENDING), ("_id", ASCENDING)])

    def put(self, case: EvaluationCase) -> bool:
        """Store a case, or replace the one of this id; False if another one has its key."""
        try:
            self._rows.replace_one({"_id": ObjectId(case.id)}, _to_row(case), upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def by_id(self, case_id: str) -> EvaluationCase | None:
        """The case with this id."""
        row = self._rows.find_one({"_id": ObjectId(case_id)})
        return _from_row(row) if row else None

    def with_key(self, assistant_id: str, key: str) -> EvaluationCase | None:
        """The case of an assistant with this key."""
        row = self._rows.find_one({"assistant_id": ObjectId(assistant_id), "key": key})
        return _from_row(row) if row else None

    def page(self, assistant_id: str, before: str | None, limit: int) -> list[EvaluationCase]:
        """An assistant's cases, newest first."""
        of_assistant = {"assistant_id": ObjectId(assistant_id)}
        rows = newest_first(self._dialect, self._rows, [of_assistant], before, limit)
        return [_from_row(row) for row in rows]

    def of_assistant(self, assistant_id: str) -> list[EvaluationCase]:
        """All cases of an assistant, oldest first."""
        cases = [_from_row(row) for row in self._rows.find({"assistant_id": ObjectId(assistant_id)})]
        return sorted(cases, key=lambda case: case.id)

    def count(self, assistant_id: str) -> int:
        """How many cases an assistant has."""
        return self._rows.count_documents({"assistant_id": ObjectId(assistant_id)})

    def delete(self, case_id: str) -> bool:
        """Delete a case; False if there is none."""
        return self._rows.delete_one({"_id": ObjectId(case_id)}).deleted_count == 1

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Delete all cases of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def _to_row(case: EvaluationCase) -> Row:
    return {
        "_id": ObjectId(case.id),
        "assistant_id": ObjectId(case.assistant_id),
        "key": case.key,
        "question": case.question,
        "expected": case.expected,
        "files": list(case.files),
        "createdAt": case.created_at,
        "updatedAt": case.updated_at,
        "source": case.source,
    }


def _from_row(row: Row) -> EvaluationCase:
    return EvaluationCase(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        key=row["key"],
        question=row["question"],
        expected=row["expected"],
        files=tuple(row["files"]),
        created_at=row["createdAt"],
        updated_at=row["updatedAt"],
        source=CaseSource(row["source"]),
    )

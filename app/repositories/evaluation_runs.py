"""The collection `evaluation_runs`: runs of question sets, and who works on them."""

from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.evaluations import (
    Candidate,
    CaseChange,
    EvaluationRun,
    RunFigures,
    RunState,
    Verdict,
)
from app.domain.rows import Row
from app.repositories.chat_rows import tokens_of, tokens_row
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first
from app.repositories.prompt_versions import author_of

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class EvaluationRunRepository:
    """Runs. One that has not ended is `open`; an assistant has one such at most. A lease says who works on it."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["evaluation_runs"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index(
            [("assistant_id", ASCENDING), ("open", ASCENDING)],
            unique=True,
            partialFilterExpression={"open": True},
        )
        self._rows.create_index([("open", ASCENDING), ("lease_until", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)])

    def add(self, run: EvaluationRun) -> bool:
        """Store a run that is to be worked on; False if the assistant has one that has not ended."""
        try:
            self._rows.insert_one(_to_row(run))
        except DuplicateKeyError:
            return False
        return True

    def by_id(self, run_id: str) -> EvaluationRun | None:
        """The run with this id."""
        row = self._rows.find_one({"_id": ObjectId(run_id)})
        return _from_row(row) if row else None

    def page(self, assistant_id: str, before: str | None, limit: int) -> list[EvaluationRun]:
        """An assistant's runs, newest first."""
        return self._newest({"assistant_id": ObjectId(assistant_id)}, before, limit)

    def done(self, assistant_id: str, before: str | None, limit: int) -> list[EvaluationRun]:
        """Those of an assistant's runs that came to their end, newest first."""
        return self._newest({"assistant_id": ObjectId(assistant_id), "state": RunState.DONE}, before, limit)

    def waiting(self, now: datetime) -> list[EvaluationRun]:
        """Runs that have not ended, and that nobody works on."""
        return [_from_row(row) for row in self._rows.find({"open": True, "lease_until": {"$lte": now}})]

    def claim(self, run_id: str, worker: str, now: datetime, until: datetime) -> EvaluationRun | None:
        """Begin to work on a run under a lease; None if it has ended or somebody else works on it."""
        free = {"open": True, "lease_until": {"$lte": now}}
        values = {"worker": worker, "lease_until": until, "state": RunState.RUNNING}
        change = {"$set": values, "$inc": {"attempts": 1}}
        row = self._dialect.update_and_read(self._rows, ObjectId(run_id), free, change)
        return _from_row(row) if row else None

    def renew(self, run_id: str, worker: str, until: datetime, total: int, figures: RunFigures) -> bool:
        """Go on under the lease, and write down how far it is; False if it was cancelled or is another's."""
        own = {"_id": ObjectId(run_id), "worker": worker, "open": True}
        values = {"lease_until": until, "total": total, "figures": _figures_row(figures)}
        return self._rows.update_one(own, {"$set": values}).matched_count == 1

    def release(self, run_id: str, worker: str) -> None:
        """Let somebody else go on."""
        own = {"_id": ObjectId(run_id), "worker": worker, "open": True}
        self._rows.update_one(own, {"$set": {"lease_until": _NEVER, "worker": None}})

    def release_all(self) -> None:
        """Nobody works on any run any more: their processes are dead."""
        repeated(lambda: self._rows.update_many({"open": True}, {"$set": {"lease_until": _NEVER, "worker": None}}))

    def end(self, run_id: str, state: RunState, now: datetime, error: str | None = None) -> bool:
        """Bring a run to its end; False if it had ended before."""
        values = {"state": state, "ended_at": now, "error": error, "worker": None}
        ended = {"$set": values, "$unset": {"open": ""}}
        return self._rows.update_one({"_id": ObjectId(run_id), "open": True}, ended).matched_count == 1

    def set_figures(self, run_id: str, figures: RunFigures) -> None:
        """What came of it is something else by now."""
        self._rows.update_one({"_id": ObjectId(run_id)}, {"$set": {"figures": _figures_row(figures)}})

    def published(self, run_id: str, version_id: str) -> None:
        """Its prompt became this version."""
        self._rows.update_one({"_id": ObjectId(run_id)}, {"$set": {"published_version": ObjectId(version_id)}})

    def older_than_newest(self, assistant_id: str, most: int) -> list[str]:
        """The ids of an assistant's runs beyond the newest."""
        found = self._rows.find({"assistant_id": ObjectId(assistant_id)}, {"_id": 1})
        return [str(one) for one in sorted((row["_id"] for row in found), reverse=True)[most:]]

    def delete(self, run_id: str) -> bool:
        """Delete a run; False if there is none."""
        return self._rows.delete_one({"_id": ObjectId(run_id)}).deleted_count == 1

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Delete all runs of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _newest(self, wanted: Row, before: str | None, limit: int) -> list[EvaluationRun]:
        rows = newest_first(self._dialect, self._rows, [wanted], before, limit)
        return [_from_row(row) for row in rows]


def _to_row(run: EvaluationRun) -> Row:
    author, candidate, compared = run.author, run.candidate, run.compared_with
    return {
        "_id": ObjectId(run.id),
        "assistant_id": ObjectId(run.assistant_id),
        "owner_id": ObjectId(run.owner_id),
        "createdAt": run.created_at,
        "author": {"id": ObjectId(author.id), "name": author.name} if author else None,
        "candidate": {
            "prompt": candidate.prompt,
            "model": candidate.model,
            "temperature": candidate.temperature,
        },
        "prompt": run.prompt,
        "note": run.note,
        "state": run.state,
        "total": run.total,
        "figures": _figures_row(run.figures),
        "error": run.error,
        "ended_at": run.ended_at,
        "compared_with": ObjectId(compared) if compared else None,
        "published_version": None,
        "attempts": run.attempts,
        "open": True,
        "worker": None,
        "lease_until": _NEVER,
    }


def _from_row(row: Row) -> EvaluationRun:
    return EvaluationRun(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        owner_id=str(row["owner_id"]),
        created_at=row["createdAt"],
        author=author_of(row),
        candidate=Candidate(**row["candidate"]),
        prompt=row["prompt"],
        note=row["note"],
        state=RunState(row["state"]),
        total=row["total"],
        figures=_figures_of(row["figures"]),
        error=row["error"],
        ended_at=row["ended_at"],
        compared_with=_text(row["compared_with"]),
        published_version=_text(row["published_version"]),
        attempts=row["attempts"],
    )


def _figures_row(figures: RunFigures) -> Row:
    return {
        "verdicts": {verdict.value: number for verdict, number in figures.verdicts.items()},
        "changes": {change.value: number for change, number in figures.changes.items()},
        "tokens": tokens_row(figures.tokens),
        "cost": figures.cost,
        "unpriced": figures.unpriced,
    }


def _figures_of(row: Row) -> RunFigures:
    return RunFigures(
        verdicts={Verdict(verdict): number for verdict, number in row["verdicts"].items()},
        changes={CaseChange(change): number for change, number in row["changes"].items()},
        tokens=tokens_of(row),
        cost=row["cost"],
        unpriced=row["unpriced"],
    )


def _text(stored: Any) -> str | None:
    return str(stored) if stored else None

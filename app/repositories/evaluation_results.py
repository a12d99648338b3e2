"""The collection `evaluation_results`: the answers to the questions of runs."""

from dataclasses import asdict

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.evaluations import CaseResult, FoundPassage, Judgement, Reason, Verdict
from app.domain.rows import Row
from app.repositories.chat_rows import tokens_of, tokens_row
from app.repositories.mongo import repeated


class EvaluationResultRepository:
    """Results; each write may be made again."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["evaluation_results"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("run_id", ASCENDING), ("number", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING)])

    def put(self, result: CaseResult) -> None:
        """Store a result, or replace the one of this id."""
        self._rows.replace_one({"_id": ObjectId(result.id)}, _to_row(result), upsert=True)

    def by_id(self, result_id: str) -> CaseResult | None:
        """The result with this id."""
        row = self._rows.find_one({"_id": ObjectId(result_id)})
        return _from_row(row) if row else None

    def of_run(self, run_id: str) -> list[CaseResult]:
        """The results of a run, in the order of their questions."""
        rows = self._rows.find({"run_id": ObjectId(run_id)}).sort("number", ASCENDING)
        return [_from_row(row) for row in rows]

    def delete_of_run(self, run_id: str) -> None:
        """Delete the results of a run."""
        repeated(lambda: self._rows.delete_many({"run_id": ObjectId(run_id)}))

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Delete all results of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def _to_row(result: CaseResult) -> Row:
    judgement = result.judgement
    return {
        "_id": ObjectId(result.id),
        "run_id": ObjectId(result.run_id),
        "assistant_id": ObjectId(result.assistant_id),
        "case_id": ObjectId(result.case_id),
        "number": result.number,
        "question": result.question,
        "expected": result.expected,
        "files": list(result.files),
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "missing": list(judgement.missing),
        "answer": result.answer,
        "handover_reason": result.handover_reason,
        "passages": [{**asdict(one), "document_id": ObjectId(one.document_id)} for one in result.passages],
        "model": result.model,
        "tokens": tokens_row(result.tokens),
        "cost": result.cost,
        "seconds": result.seconds,
        "error": result.error,
        "by_person": result.by_person,
    }


def _from_row(row: Row) -> CaseResult:
    reason = row["reason"]
    return CaseResult(
        id=str(row["_id"]),
        run_id=str(row["run_id"]),
        assistant_id=str(row["assistant_id"]),
        case_id=str(row["case_id"]),
        number=row["number"],
        question=row["question"],
        expected=row["expected"],
        files=tuple(row["files"]),
        judgement=Judgement(Verdict(row["verdict"]), Reason(reason) if reason else None, tuple(row["missing"])),
        answer=row["answer"],
        handover_reason=row["handover_reason"],
        passages=tuple(
            FoundPassage(str(one["document_id"]), one["filename"], one["position"], one["score"])
            for one in row["passages"]
        ),
        model=row["model"],
        tokens=tokens_of(row),
        cost=row["cost"],
        seconds=row["seconds"],
        error=row["error"],
        by_person=row["by_person"],
    )

"""Runs of a question set."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.domain.evaluations import (
    Candidate,
    CaseChange,
    EvaluationRun,
    FoundPassage,
    Reason,
    RunState,
    Verdict,
)
from app.domain.prices import in_reais
from app.routes.schemas.assistant_settings import ModelName, Temperature
from app.routes.schemas.bench import cost_brl
from app.routes.schemas.common import ID_PATTERN, AnswerModel, Id, Moment, QueryModel, RequestModel
from app.routes.schemas.prompts import AuthorOut, Note, PromptText
from app.routes.schemas.usage import UsageTokensOut, plain
from app.services.evaluation.runs import ComparedResult, NewRun


class RunIn(RequestModel):
    """What to try; without anything, what customers get."""

    prompt: PromptText | None = Field(None, description="In the place of the assistant's own")
    prompt_version: str | None = Field(None, pattern=ID_PATTERN, description="The text of this version instead")
    model: ModelName = None
    temperature: Temperature = None
    note: Note = ""

    @model_validator(mode="after")
    def _one_prompt(self) -> "RunIn":
        if self.prompt is not None and self.prompt_version is not None:
            raise ValueError("give prompt or prompt_version, not both")
        return self

    def to_new(self) -> NewRun:
        """What the service is to begin."""
        return NewRun(Candidate(self.prompt, self.model, self.temperature), self.prompt_version, self.note)


class RunOut(AnswerModel):
    """A run, and how far it is."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    state: RunState
    error: str | None = Field(description="With `failed`: the code of why", examples=["budget_exhausted"])
    total: int = Field(description="How many questions there are")
    done: int = Field(description="How many were asked")
    right: int
    wrong: int
    failed: int = Field(description="Questions that no model answered")
    better: int = Field(description="Right now, and not in the run it is compared with")
    worse: int = Field(description="Right in that run, and not now")
    same: int
    new: int = Field(description="Questions that run did not have")
    compared_with: Id | None = Field(description="The run that was the last to be done when this one began")
    model: str | None = Field(description="That was tried; null: the assistant's own")
    temperature: float | None
    has_own_prompt: bool = Field(description="Whether a prompt was tried that may be published")
    published_version: Id | None = Field(description="The version that its prompt became")
    note: str
    tokens: UsageTokensOut
    cost_brl: str | None = Field(description="As far as it is known; null: nothing is")
    author: AuthorOut | None
    created_at: Moment = Field(alias="createdAt")
    ended_at: Moment | None = Field(alias="endedAt")

    @classmethod
    def of(cls, run: EvaluationRun) -> "RunOut":
        figures, changes = run.figures, run.figures.changes
        return cls(
            underscore_id=run.id,
            assistant_id=run.assistant_id,
            state=run.state,
            error=run.error,
            total=run.total,
            done=figures.done,
            right=figures.verdicts.get(Verdict.RIGHT, 0),
            wrong=figures.verdicts.get(Verdict.WRONG, 0),
            failed=figures.verdicts.get(Verdict.FAILED, 0),
            better=changes.get(CaseChange.BETTER, 0),
            worse=changes.get(CaseChange.WORSE, 0),
            same=changes.get(CaseChange.SAME, 0),
            new=changes.get(CaseChange.NEW, 0),
            compared_with=run.compared_with,
            model=run.candidate.model,
            temperature=run.candidate.temperature,
            has_own_prompt=run.candidate.prompt is not None,
            published_version=run.published_version,
            note=run.note,
            tokens=UsageTokensOut.of(figures.tokens),
            cost_brl=None if figures.unpriced and not figures.cost else plain(in_reais(figures.cost)),
            author=AuthorOut.of(run.author),
            created_at=run.created_at,
            ended_at=run.ended_at,
        )


class RunWithPromptOut(RunOut):
    """A run, with what the assistant was told."""

    prompt: str | None = Field(description="Null: the default one")

    @classmethod
    def of(cls, run: EvaluationRun) -> "RunWithPromptOut":
        return cls(**RunOut.of(run).model_dump(by_alias=False), prompt=run.prompt)


class ResultQuery(QueryModel):
    """Which results to list."""

    change: CaseChange | None = None
    verdict: Verdict | None = None
    against: str | None = Field(None, description="Another run to compare with than `compared_with`")
    limit: int = Field(100, ge=1, le=500, description="At most so many entries")
    cursor: int | None = Field(None, ge=0, le=10_000, description="Taken from the `Link` header of a page")

    def fits(self, compared: ComparedResult) -> bool:
        """Whether a result is wanted."""
        is_wanted = self.verdict in (None, compared.result.judgement.verdict)
        is_after = self.cursor is None or compared.result.number > self.cursor
        return is_wanted and is_after and self.change in (None, compared.change)


class FoundPassageOut(AnswerModel):
    """A passage that an answer was built from."""

    document_id: Id
    filename: str
    position: int = Field(description="The first of its chunks in the document; counts from 0")
    score: float

    @classmethod
    def of(cls, passage: FoundPassage) -> "FoundPassageOut":
        return cls(
            document_id=passage.document_id,
            filename=passage.filename,
            position=passage.position,
            score=round(passage.score, 4),
        )


class BeforeOut(AnswerModel):
    """The same question in the run that is compared with."""

    verdict: Verdict
    answer: str


class ResultOut(AnswerModel):
    """A question of a run, and what came of it."""

    underscore_id: Id = Field(alias="_id")
    case_id: Id
    question: str
    expected: str
    files: list[str]
    answer: str
    verdict: Verdict
    reason: Reason | None = Field(description="Why it is not right; null: it is, or a person or a failure says so")
    missing: list[str] = Field(description="Which files, numbers or stems of words are missing")
    by_person: bool = Field(description="Whether a person has said so")
    handover_reason: str | None
    passages: list[FoundPassageOut]
    model: str | None
    tokens: UsageTokensOut
    cost_brl: str | None
    seconds: float
    error: str | None = Field(description="The code of what failed")
    change: CaseChange
    before: BeforeOut | None

    @classmethod
    def of(cls, compared: ComparedResult) -> "ResultOut":
        result, before = compared.result, compared.before
        judgement = result.judgement
        return cls(
            underscore_id=result.id,
            case_id=result.case_id,
            question=result.question,
            expected=result.expected,
            files=list(result.files),
            answer=result.answer,
            verdict=judgement.verdict,
            reason=judgement.reason,
            missing=list(judgement.missing),
            by_person=result.by_person,
            handover_reason=result.handover_reason,
            passages=[FoundPassageOut.of(passage) for passage in result.passages],
            model=result.model,
            tokens=UsageTokensOut.of(result.tokens),
            cost_brl=cost_brl(result.cost),
            seconds=round(result.seconds, 3),
            error=result.error,
            change=compared.change,
            before=BeforeOut(verdict=before.judgement.verdict, answer=before.answer) if before else None,
        )


class VerdictIn(RequestModel):
    """What a person says of an answer."""

    verdict: Annotated[Literal["right", "wrong"], Field(description="Whether it is right")]


class PublishIn(RequestModel):
    """The prompt of a run is to be the assistant's."""

    insist: bool = Field(False, description="Even if answers became worse; for owners")
    note: Note = Field("", description="Of the version; empty: the run's")

"""The test bench."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.answers import Turn
from app.domain.documents import Passage
from app.domain.prices import in_reais
from app.domain.trials import TrialRequest
from app.routes.schemas.assistant_settings import ModelName, Temperature
from app.routes.schemas.common import AnswerModel, Id, NotBlank, RequestModel, Storable
from app.routes.schemas.prompts import PromptText
from app.routes.schemas.usage import UsageTokensOut, plain
from app.services.trials import ShownTrial

_Message = Annotated[str, StringConstraints(min_length=1, max_length=4096), NotBlank, Storable]
_Said = Annotated[str, StringConstraints(max_length=4096), Storable]


class TurnIn(RequestModel):
    """An earlier message and its answer."""

    message: _Said = ""
    response: _Said = ""


class AskIn(RequestModel):
    """A question to try out."""

    message: _Message
    history: list[TurnIn] = Field([], max_length=100, description="What was said before, oldest first")
    prompt: PromptText | None = Field(None, description="In the place of the assistant's own; null: its own")
    model: ModelName = None
    temperature: Temperature = None

    def to_request(self) -> TrialRequest:
        """What the service is asked."""
        history = tuple(Turn(turn.message, turn.response) for turn in self.history)
        return TrialRequest(self.message, history, self.prompt, self.model, self.temperature)


class UsedPassageOut(AnswerModel):
    """A passage as the model was shown it."""

    document_id: Id
    filename: str
    position: int = Field(description="The first of its chunks in the document; counts from 0")
    text: str
    score: float = Field(description="How well it fits, 0 to 1")
    dense: float | None = Field(description="Cosine of the embeddings; null: only words could be compared")
    lexical: float = Field(description="BM25 / Σ idf of the question's words")
    found_by: list[str] = Field(description="`words`, `meaning` or both", examples=[["words", "meaning"]])

    @classmethod
    def of(cls, passage: Passage, is_near: Callable[[float], bool]) -> "UsedPassageOut":
        by_words, by_meaning = passage.lexical > 0, passage.dense is not None and is_near(passage.dense)
        return cls(
            document_id=passage.document_id,
            filename=passage.filename,
            position=passage.position,
            text=passage.text,
            score=round(passage.score, 4),
            dense=None if passage.dense is None else round(passage.dense, 4),
            lexical=round(passage.lexical, 4),
            found_by=["words"] * by_words + ["meaning"] * by_meaning,
        )


class PromptMessageOut(AnswerModel):
    """A message of the prompt."""

    role: str
    content: str


class TrialOut(AnswerModel):
    """An answer, and what it was made of."""

    answer: str
    handover_reason: str | None = Field(description="Why a person is to go on; null: the assistant answered")
    unanswered: bool = Field(description="Whether the assistant said that it does not know")
    cut: bool = Field(description="Whether the limit of output tokens came first")
    model: str | None = Field(description="Which model answered; null: none was asked")
    passages: list[UsedPassageOut] = Field(description="Best first")
    prompt: list[PromptMessageOut] = Field(description="What the model was sent; none where no model is asked")
    tokens: UsageTokensOut
    cost_brl: str | None = Field(description="Null: there is no price for the model", examples=["0.0021"])
    seconds: float

    @classmethod
    def of(cls, shown: ShownTrial) -> "TrialOut":
        trial, answer = shown.trial, shown.trial.answer
        return cls(
            answer=answer.text,
            handover_reason=answer.handover_reason,
            unanswered=trial.unanswered,
            cut=answer.cut,
            model=answer.model,
            passages=[UsedPassageOut.of(passage, shown.is_near) for passage in trial.question.passages],
            prompt=[PromptMessageOut(role=role, content=content) for role, content in shown.prompt],
            tokens=UsageTokensOut.of(answer.tokens),
            cost_brl=cost_brl(trial.cost),
            seconds=round(trial.seconds, 3),
        )


def cost_brl(cost: int | None) -> str | None:
    """A cost in billionths of a real as it is shown."""
    return None if cost is None else plain(in_reais(cost))

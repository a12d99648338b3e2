"""Corrections."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from app.domain.documents import DocumentStatus
from app.routes.schemas.common import ID_PATTERN, AnswerModel, Id, NotBlank, RequestModel, Storable
from app.routes.schemas.evaluation_cases import Question
from app.services.corrections import Correction, CorrectionState

_Answer = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), NotBlank, Storable
]


class CorrectionIn(RequestModel):
    """A right answer, and one id that says to what."""

    chat_id: str | None = Field(None, pattern=ID_PATTERN, description="The message whose answer was wrong")
    unanswered_id: str | None = Field(None, pattern=ID_PATTERN, description="A group of unanswered questions")
    assistant_id: str | None = Field(None, pattern=ID_PATTERN, description="With a question of your own")
    question: Question | None = Field(None, description="Absent: the customer's")
    answer: _Answer

    @model_validator(mode="after")
    def _one_id(self) -> "CorrectionIn":
        if sum(one is not None for one in (self.chat_id, self.unanswered_id, self.assistant_id)) != 1:
            raise ValueError("give exactly one of chat_id, unanswered_id and assistant_id")
        return self


class CorrectionEntryOut(AnswerModel):
    """A question and its right answer."""

    question: str
    answer: str


class CorrectionOut(AnswerModel):
    """What a correction became."""

    document_id: Id
    filename: str
    status: DocumentStatus = Field(description="Of the document; once it is `ready`, customers get the answer")
    case_id: Id | None = Field(description="The case of the question set; null: that is full")
    question: str
    answer: str
    replaced: bool = Field(description="Whether the question had been corrected before")

    @classmethod
    def of(cls, correction: Correction) -> "CorrectionOut":
        document = correction.document
        return cls(
            document_id=document.id,
            filename=document.filename,
            status=document.status,
            case_id=correction.case.id if correction.case else None,
            question=correction.entry.question,
            answer=correction.entry.answer,
            replaced=correction.replaced,
        )


class CorrectionsOut(AnswerModel):
    """An assistant's corrections, in the order of their document."""

    document_id: Id | None = Field(description="Null: there are none")
    filename: str | None
    status: DocumentStatus | None
    entries: list[CorrectionEntryOut]

    @classmethod
    def of(cls, state: CorrectionState) -> "CorrectionsOut":
        document = state.document
        return cls(
            document_id=document.id if document else None,
            filename=document.filename if document else None,
            status=document.status if document else None,
            entries=[CorrectionEntryOut(question=one.question, answer=one.answer) for one in state.entries],
        )

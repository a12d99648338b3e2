"""The question set of an assistant."""

from typing import Annotated

from apiflask.fields import UploadFile
from pydantic import Field, StringConstraints

from app.domain.errors import TooLargeError
from app.domain.evaluations import CaseSource, EvaluationCase
from app.routes.schemas.common import AnswerModel, Id, Moment, NotBlank, QueryModel, RequestModel, Storable
from app.services.evaluation.cases import CaseFields, Imported
from app.services.evaluation.matching import KnownQuestion
from app.services.evaluation.question_file import questions_in

_MOST_BYTES = 4 * 2**20

Question = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), NotBlank, Storable
]
Expected = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), Storable]
_Filename = Annotated[str, StringConstraints(min_length=1, max_length=255), Storable]
Files = Annotated[list[_Filename], Field(max_length=10)]


class CaseIn(RequestModel):
    """A question with what answers it."""

    question: Question
    expected: Expected = Field("", description="The right answer, or a part of it")
    files: Files = Field([], description="Names of documents, any of which has to be found", examples=[["loja.md"]])


class CaseUpdateIn(RequestModel):
    """What is to change."""

    question: Question | None = None
    expected: Expected | None = None
    files: Files | None = None

    def to_fields(self) -> CaseFields:
        """What the service is to change."""
        return CaseFields(self.question, self.expected, self.files)


class CasesIn(QueryModel):
    """A CSV file of questions (multipart)."""

    file: UploadFile
    replace: bool = Field(False, description="Delete all questions that are not in it")

    def questions(self) -> list[KnownQuestion]:
        """The questions in the file; raises `InvalidError`, `TooLargeError`."""
        data = self.file.stream.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise TooLargeError("The file has more than 4 MB.")
        return questions_in(data, self.file.filename or "The file")


class CaseOut(AnswerModel):
    """A case of a question set."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    question: str
    expected: str
    files: list[str]
    source: CaseSource
    created_at: Moment = Field(alias="createdAt")
    updated_at: Moment = Field(alias="updatedAt")

    @classmethod
    def of(cls, case: EvaluationCase) -> "CaseOut":
        return cls(
            underscore_id=case.id,
            assistant_id=case.assistant_id,
            question=case.question,
            expected=case.expected,
            files=list(case.files),
            source=case.source,
            created_at=case.created_at,
            updated_at=case.updated_at,
        )


class ImportedOut(AnswerModel):
    """How many cases an import made, changed, found as they were, and deleted."""

    added: int
    changed: int
    unchanged: int
    deleted: int

    @classmethod
    def of(cls, imported: Imported) -> "ImportedOut":
        return cls(
            added=imported.added,
            changed=imported.changed,
            unchanged=imported.unchanged,
            deleted=imported.deleted,
        )

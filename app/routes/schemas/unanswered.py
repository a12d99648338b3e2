"""Unanswered questions."""

from pydantic import Field

from app.domain.unanswered import GroupState, UnansweredGroup, UnansweredQuestion
from app.routes.schemas.common import AnswerModel, Id, Moment, PageQuery
from app.routes.schemas.prompts import AuthorOut


class UnansweredQuery(PageQuery):
    """Which groups to list."""

    state: GroupState = GroupState.OPEN


class UnansweredExampleOut(AnswerModel):
    """A question as it was asked."""

    chat_id: Id
    conversation_id: Id
    question: str
    at: Moment

    @classmethod
    def of(cls, asked: UnansweredQuestion) -> "UnansweredExampleOut":
        return cls(
            chat_id=asked.chat_id, conversation_id=asked.conversation_id, question=asked.question, at=asked.at
        )


class UnansweredOut(AnswerModel):
    """Similar questions that an assistant did not know."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    question: str = Field(description="The latest of them")
    count: int = Field(description="How often something like it was asked")
    examples: list[UnansweredExampleOut] = Field(description="The latest five at most, newest first")
    first_at: Moment
    last_at: Moment
    state: GroupState
    done_at: Moment | None
    done_by: AuthorOut | None

    @classmethod
    def of(cls, group: UnansweredGroup) -> "UnansweredOut":
        return cls(
            underscore_id=group.id,
            assistant_id=group.assistant_id,
            question=group.question,
            count=group.count,
            examples=[UnansweredExampleOut.of(one) for one in group.examples],
            first_at=group.first_at,
            last_at=group.last_at,
            state=group.state,
            done_at=group.done_at,
            done_by=AuthorOut.of(group.done_by),
        )

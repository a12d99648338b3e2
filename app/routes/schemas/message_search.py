"""Messages that were found."""

from pydantic import Field

from app.domain.message_search import FoundMessage
from app.domain.overviews import Author
from app.routes.schemas.chats import ChannelOut
from app.routes.schemas.common import AnswerModel, Id, Moment, Name, PageQuery


class MessageSearchQuery(PageQuery):
    """What to search for."""

    q: Name = Field(
        description=(
            "Words that all have to be in a chat, in what was written or answered; case and accents do not count. "
            "A word is found whole, and from six letters on by its beginning; one has at least three letters. A "
            "page may be short, or empty; the search goes on at the next one in `Link`"
        )
    )
    assistant_id: str | None = None


class FoundMessageOut(AnswerModel):
    """A chat that was found."""

    chat_id: Id
    conversation_id: Id
    assistant_id: Id
    assistant_name: str
    channel: ChannelOut
    username: str | None = Field(description="The customer's name")
    by: Author = Field(description="Who wrote what the snippet is of")
    at: Moment
    snippet: str
    highlights: list[tuple[int, int]] = Field(
        description="Where the words are in the snippet, from and to, in UTF-16 units as JavaScript counts"
    )

    @classmethod
    def of(cls, found: FoundMessage) -> "FoundMessageOut":
        return cls(
            chat_id=found.chat_id,
            conversation_id=found.conversation_id,
            assistant_id=found.assistant_id,
            assistant_name=found.assistant_name,
            channel=ChannelOut.of(found.channel),
            username=found.username,
            by=found.by,
            at=found.at,
            snippet=found.snippet.text,
            highlights=list(found.snippet.places),
        )

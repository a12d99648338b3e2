"""Finds messages by their words, in the assistants that the caller may read."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.callers import Caller, KeyHolder
from app.domain.chats import Chat
from app.domain.conversations import Conversation
from app.domain.errors import InvalidError
from app.domain.message_search import FoundMessage, FoundMessages
from app.domain.overviews import Author
from app.domain.permissions import Action, roles_for
from app.domain.search_words import Query
from app.services.access import Access
from app.services.ports.inbox import MessageWords, ReadableAssistants, SearchedChats, SearchedConversations

_MOST_ASSISTANTS = 100


class MessageSearch:
    """Looks up words in their index, and into the chats themselves for what is shown of them."""

    def __init__(
        self,
        access: Access,
        assistants: ReadableAssistants,
        words: MessageWords,
        chats: SearchedChats,
        conversations: SearchedConversations,
    ) -> None:
        self._access = access
        self._assistants = assistants
        self._words = words
        self._chats = chats
        self._conversations = conversations

    def search(
        self, caller: Caller, text: str, assistant_id: str | None, before: str | None, limit: int
    ) -> FoundMessages:
        """The chats in which all words of a text are, newest first, as far as one request looks.

        Raises `InvalidError` for what cannot be searched, `ForbiddenError`.
        """
        query = Query(text)
        if not query.keys:
            problem = "Needs a word of at least three letters or digits."
            raise InvalidError("There is nothing to search for.", {"q": [problem]})
        assistants = self._readable(caller, assistant_id)
        found = self._words.search(assistants, query.keys, before, limit) if assistants else None
        if found is None:
            return FoundMessages((), None)
        chats = sorted(self._chats.by_ids(found.chat_ids), key=lambda chat: chat.id, reverse=True)
        conversations = self._conversations.by_ids({chat.conversation_id for chat in chats})
        names = self._assistants.names({chat.assistant_id for chat in chats})
        return FoundMessages(list(_shown(chats, query, conversations, names)), found.next_before)

    def _readable(self, caller: Caller, assistant_id: str | None) -> Sequence[str]:
        if assistant_id is not None or isinstance(caller, KeyHolder):
            wanted = assistant_id or (caller.assistant_id if isinstance(caller, KeyHolder) else "")
            return [self._access.filtered(caller, wanted, Action.READ).id]
        user_id = None if caller.is_admin else caller.id
        found = self._assistants.ids_readable(user_id, roles_for(Action.READ), _MOST_ASSISTANTS + 1)
        if len(found) > _MOST_ASSISTANTS:
            problem = f"Is needed where there are more than {_MOST_ASSISTANTS} assistants."
            raise InvalidError("Say in which assistant to search.", {"assistant_id": [problem]})
        return found


def _shown(
    chats: Sequence[Chat], query: Query, conversations: Mapping[str, Conversation], names: Mapping[str, str]
) -> Iterator[FoundMessage]:
    """What is found, without that whose words are only alike, or whose conversation is being erased."""
    for chat in chats:
        conversation = conversations.get(chat.conversation_id)
        if conversation is None or not query.fits(chat.message, chat.response):
            continue
        answered_by = Author.PERSON if chat.by_person else Author.ASSISTANT
        for text, by in ((chat.message, Author.CUSTOMER), (chat.response, answered_by)):
            if snippet := query.snippet(text):
                yield FoundMessage(
                    chat_id=chat.id,
                    conversation_id=chat.conversation_id,
                    assistant_id=chat.assistant_id,
                    assistant_name=names.get(chat.assistant_id, ""),
                    channel=chat.channel,
                    username=conversation.username,
                    by=by,
                    at=chat.created_at,
                    snippet=snippet,
                )
                break

"""How the work on a message ends; each ending is written down, and wakes who waits for it."""

import logging

from app.domain.chats import Chat
from app.domain.errors import ChatInactiveError, ConflictError, ConversationDeletedError, OrquestradoraError
from app.services.messages.settlements import Settlements
from app.services.ports.conversations import Messages

_log = logging.getLogger(__name__)


class Outcomes:
    """Ends messages."""

    def __init__(self, messages: Messages, settlements: Settlements) -> None:
        self._messages = messages
        self._settlements = settlements

    def answered(self, chat: Chat, epoch: int) -> Chat:
        """Commit the answer, unless a person has taken over since that epoch of the conversation.

        Raises `ChatInactiveError` then, `ConversationDeletedError` if it is gone; the tokens count all the same.
        """
        if self._messages.answer(chat, epoch):
            self._settlements.end(chat.id)
            return chat
        raise self.discarded(chat)

    def discarded(self, chat: Chat) -> ConflictError:
        """The answer came too late, and is kept for the record only; returns what to raise."""
        kept = self._messages.discard_answer(chat)
        self._settlements.end(chat.id)
        if kept:
            return ChatInactiveError()
        return ConversationDeletedError()

    def left_to_person(self, chat: Chat, epoch: int) -> ChatInactiveError:
        """A person answers; returns what to raise."""
        self._messages.leave_to_person(chat, epoch)
        self._settlements.end(chat.id)
        return ChatInactiveError()

    def merged(self, chat: Chat, into: Chat) -> bool:
        """Let the answer of `into` be the chat's, too, if it is still gathering."""
        merged = self._messages.merge(chat.id, into.id)
        if merged:
            self._settlements.end(chat.id)
        return merged

    def failed(self, chat: Chat, error: Exception) -> None:
        """Whatever went wrong, nobody shall wait for this message; a later delivery may begin anew."""
        if isinstance(error, ChatInactiveError):
            return
        code = error.code if isinstance(error, OrquestradoraError) else "internal_error"
        try:
            self._messages.fail(chat, code)
        except Exception:
            _log.exception("A message that failed (%s) could not be marked so; its time will run out", code)
        finally:
            self._settlements.end(chat.id)

"""The queue of a conversation: its messages are answered one after another, in the order of their arrival.

The queue is a list in the conversation's row. A message joins it by one atomic update; the first entry that has not
expired has the turn. Nothing is locked that a dead process could leave locked.

An answer's commit says that its message has ended, so that it need not leave the queue as well: those behind it see
that with the chats they read, and take several out at once. That saves a message one of its writes.
"""

from dataclasses import replace
from datetime import timedelta

from app.domain.assistants import Assistant
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation
from app.domain.deadline import Deadline
from app.domain.errors import BusyError, ConversationDeletedError, ModelTimeoutError
from app.domain.ids import new_id
from app.services.messages.completion import Completion, CompletionSignals, pauses
from app.services.messages.message import MessageRules, MessageUnderWay
from app.services.ports import Clock
from app.services.ports.conversations import Messages, QueueRows

# A burst has no bound of its own but its time.
_MOST_OF_A_BURST = 100
_MOST_ENDED = 5


class ConversationQueue:
    """Stores messages and lets them wait: for more messages of the same customer, and for those ahead of them."""

    def __init__(
        self,
        messages: Messages,
        rows: QueueRows,
        completion: Completion,
        signals: CompletionSignals,
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._rows = rows
        self._completion = completion
        self._signals = signals
        self._clock = clock

    def join(
        self, assistant: Assistant, chat: Chat, rules: MessageRules, deadline: Deadline
    ) -> MessageUnderWay | None:
        """Store a message and append it to its conversation's queue; None if one of its keys is taken.

        The record is sorted by id, so that a message joins behind lower ids only: one that was overtaken between
        being stored and joining takes a higher id. Raises `BusyError` when the queue is full.
        """
        while self._stored(chat):
            conversation, earlier = self._append(chat, rules)
            if _is_queued(chat, conversation):
                named = replace(chat, username=chat.username or conversation.username)
                epoch = conversation.epoch
                return self._tidied(
                    MessageUnderWay(assistant, named, conversation, earlier, epoch, rules, deadline)
                )
            self._withdraw(chat)
            if conversation.latest_chat_id < chat.id and not self._made_room(conversation):
                raise BusyError("Too many messages of this conversation are waiting; please try again.")
            chat = replace(chat, id=new_id(after=conversation.latest_chat_id))
        return None

    def gather(self, under_way: MessageUnderWay) -> MessageUnderWay | Chat:
        """Take over what is still gathering ahead, and wait for more messages of the same customer.

        Returns the chat as merged if a later message took this one over.
        """
        chat, rules = under_way.chat, under_way.rules
        under_way = self._with_earlier_merged(under_way)
        end_of_burst = under_way.burst[0].created_at + timedelta(seconds=rules.burst_max_seconds)
        until = min(chat.created_at + timedelta(seconds=rules.burst_quiet_seconds), end_of_burst)
        for pause in pauses(Deadline((until - self._clock()).total_seconds())):
            self._signals.wait_for_end(chat.id, pause)
            if merged := self._merged(chat):
                return merged
        if not self._messages.begin(chat.id) and (merged := self._merged(chat)):
            return merged
        answering = replace(chat, state=ChatState.ANSWERING)
        return self.look_again(replace(under_way, chat=answering, deadline=Deadline(rules.timeout_seconds)))

    def wait(self, under_way: MessageUnderWay) -> MessageUnderWay:
        """The message when everything ahead of it has ended.

        Raises `ModelTimeoutError` when that takes too long, `ConversationDeletedError`.
        """
        waits, first = pauses(under_way.deadline), ""
        while under_way.ahead:
            if not self._cleared_away(under_way):
                if under_way.ahead[0].chat_id != first:  # the queue moves: look more often again
                    waits, first = pauses(under_way.deadline), under_way.ahead[0].chat_id
                pause = next(waits, None)
                if pause is None:
                    sentence = "The messages before this one were not answered in time."
                    raise ModelTimeoutError(sentence, retry_after=1)
                self._signals.wait(under_way.ahead[-1].chat_id, pause, under_way.deadline)
            under_way = self.look_again(under_way)
        return under_way

    def look_again(self, under_way: MessageUnderWay) -> MessageUnderWay:
        """The message with its conversation as it is now.

        Raises `ConversationDeletedError` if that is gone, `ModelTimeoutError` if the message's time was over and
        another cleared it away.
        """
        chat, rules = under_way.chat, under_way.rules
        seen = self._rows.look(chat.conversation_id, _chats_to_read(rules) + len(under_way.ahead))
        if seen is None or not _is_queued(chat, seen[0]):
            if self._messages.by_id(chat.id) is None:
                raise ConversationDeletedError
            raise ModelTimeoutError("The message was not answered in time.", retry_after=1)
        conversation, chats = seen
        return replace(under_way, conversation=conversation, earlier=_before(chat, chats))

    def _stored(self, chat: Chat) -> bool:
        self._signals.begin(chat.id)
        try:
            stored = self._messages.add(chat)
        except Exception as error:  # a write that was not confirmed may have been made all the same
            self._completion.failed(chat, error)
            raise
        if not stored:
            self._signals.end(chat.id)
        return stored

    def _append(self, chat: Chat, rules: MessageRules) -> tuple[Conversation, tuple[Chat, ...]]:
        """Append the message if there is room and no higher id; the conversation after that, and earlier chats."""
        try:
            made = self._rows.join(chat, rules.queue_length + 1)
            if made is not None:
                return made, ()
            seen = self._rows.look(chat.conversation_id, _chats_to_read(rules))
            if seen is None:
                raise ConversationDeletedError
        except Exception as error:
            self._completion.failed(chat, error)
            raise
        conversation, chats = seen
        return conversation, _before(chat, chats)

    def _tidied(self, under_way: MessageUnderWay) -> MessageUnderWay:
        """The same, after taking those ahead out of the queue that have ended, if these are several."""
        ended = under_way.ended
        if len(ended) >= max(1, min(_MOST_ENDED, under_way.rules.queue_length)):
            self._completion.take_out(under_way.conversation.id, ended)
        return under_way

    def _withdraw(self, chat: Chat) -> None:
        """Remove a message that was stored and did not join."""
        try:
            self._messages.remove(chat)
        except Exception as error:
            self._completion.failed(chat, error)
            raise
        self._signals.end(chat.id)

    def _made_room(self, conversation: Conversation) -> bool:
        """Whether messages of the queue had ended or expired, which are gone now."""
        now, seen = self._clock(), self._rows.look(conversation.id, 2 * len(conversation.queue))
        queued = {entry.chat_id for entry in conversation.queue}
        chats = {chat.id: chat for chat in (seen[1] if seen else ()) if chat.id in queued}
        ended = [chat_id for chat_id, chat in chats.items() if chat.has_ended]
        if ended:
            self._completion.take_out(conversation.id, ended)
        expired = [
            entry.chat_id for entry in conversation.queue if entry.is_over(now) and entry.chat_id not in ended
        ]
        for chat_id in expired:
            self._completion.clear_away(conversation.id, chat_id, self._messages.by_id(chat_id))
        return bool(ended or expired)

    def _cleared_away(self, under_way: MessageUnderWay) -> bool:
        """Whether messages ahead had ended or expired, which have left the queue now."""
        now, cleared = self._clock(), False
        chats = {chat.id: chat for chat in under_way.earlier}
        for entry in under_way.ahead:
            chat = chats.get(entry.chat_id) or self._messages.by_id(entry.chat_id)
            if chat is None or entry.is_over(now) or chat.is_settled(now):
                self._completion.clear_away(under_way.conversation.id, entry.chat_id, chat)
                cleared = True
        return cleared

    def _with_earlier_merged(self, under_way: MessageUnderWay) -> MessageUnderWay:
        now, queued = self._clock(), {entry.chat_id for entry in under_way.ahead}
        gathering = [
            chat
            for chat in under_way.earlier
            if chat.id in queued and chat.state is ChatState.GATHERING and not chat.is_settled(now)
        ]
        merged = self._completion.merged(gathering, under_way.chat)
        return replace(under_way, earlier=tuple(merged.get(chat.id, chat) for chat in under_way.earlier))

    def _merged(self, chat: Chat) -> Chat | None:
        now = self._messages.by_id(chat.id)
        if now is None or now.state is not ChatState.MERGED:
            return None
        self._signals.end(chat.id)
        return now


def _is_queued(chat: Chat, conversation: Conversation) -> bool:
    return any(entry.chat_id == chat.id for entry in conversation.queue)


def _before(chat: Chat, chats: tuple[Chat, ...]) -> tuple[Chat, ...]:
    return tuple(one for one in chats if one.id < chat.id)


def _chats_to_read(rules: MessageRules) -> int:
    """Those the model is shown or that may still be queued, the message itself, and those merged into it."""
    return max(rules.history_turns, _MOST_ENDED) + 1 + (_MOST_OF_A_BURST if rules.burst_quiet_seconds else 0)

"""The intake of a message: stored once, however often it is sent, and queued unless a person answers."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.assistants import Assistant
from app.domain.chats import WORKED_ON, Chat, ChatState
from app.domain.deadline import Deadline
from app.domain.errors import (
    BudgetExhaustedError,
    ChatInactiveError,
    InProgressError,
    InvalidError,
    ModelFailedError,
    ModelTimeoutError,
    ModelUnavailableError,
    OrquestradoraError,
    UnavailableError,
)
from app.domain.ids import new_id
from app.domain.webhooks import MESSAGE_EVENTS, EventType
from app.services.messages.completion import Completion, pauses
from app.services.messages.message import IncomingMessage, MessageRules, MessageUnderWay, Reply
from app.services.messages.queue import ConversationQueue
from app.services.ports import Clock
from app.services.ports.conversations import Messages
from app.services.webhooks.message_announcer import MessageAnnouncer

_KEYS_ARE_KEPT = timedelta(days=7)


class Intake:
    """Queues a new message, and replays the reply to one that was sent before."""

    def __init__(
        self,
        messages: Messages,
        queue: ConversationQueue,
        completion: Completion,
        announcer: MessageAnnouncer,
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._queue = queue
        self._completion = completion
        self._announcer = announcer
        self._clock = clock

    def receive(
        self, assistant: Assistant, message: IncomingMessage, rules: MessageRules
    ) -> MessageUnderWay | Reply:
        """The message in its queue; or, of a repeated one, the reply it got, which is waited for if need be.

        Raises what the first copy got; `InvalidError` (`idempotency_mismatch`, or too long), `BusyError`,
        `InProgressError` when the first copy takes too long.
        """
        _check_length(message, rules)
        self._completion.mark_failures()
        deadline, failed = Deadline(rules.timeout_seconds), None
        while deadline.left() > 0:
            new = self._new(assistant, message, rules)
            under_way = self._queue.join(assistant, new, rules, deadline)
            if under_way is not None:
                self._announcer.received(assistant, replace(under_way.chat, active=under_way.conversation.active))
                return self._in_place_of(failed, under_way)
            earlier = earlier_copy(self._messages, new, self._clock())
            if earlier is None:
                continue  # it has gone since
            settled, waited = self._settled(earlier, deadline)
            if settled is None or self._is_retry_of(settled, waited=waited):
                failed = settled
                continue
            return self._replay(settled)
        raise InProgressError

    def _new(self, assistant: Assistant, message: IncomingMessage, rules: MessageRules) -> Chat:
        now = self._clock()
        return Chat(
            id=new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            conversation_id=message.conversation_id(assistant.id),
            channel=message.channel,
            username=message.username,
            active=True,
            message=message.text,
            created_at=now,
            state=ChatState.GATHERING if rules.quiet_seconds else ChatState.ANSWERING,
            until=now + rules.lease,
            channel_id=message.channel_id,
            reply_to=message.reply_to,
            window_closes_at=message.window_closes_at,
            media=message.media,
            keys=message.keys(assistant.id),
            fingerprint=message.fingerprint(),
            announce=assistant.announces(*MESSAGE_EVENTS, EventType.CONVERSATION_HANDOVER),
        )

    def _in_place_of(self, failed: Chat | None, under_way: MessageUnderWay) -> MessageUnderWay:
        """What was merged into a message that failed is merged into its retry."""
        if failed is None:
            return under_way
        try:
            self._messages.inherit(failed.conversation_id, failed.id, under_way.chat.id)
            return self._queue.look_again(under_way)
        except Exception as error:
            self._completion.failed(under_way.chat, error)
            raise

    def _settled(self, chat: Chat, deadline: Deadline) -> tuple[Chat | None, bool]:
        """The chat once it is settled (None if it is gone by then), and whether that had to be waited for."""
        current, waited = chat, False
        waits = pauses(deadline)
        while not current.is_settled(self._clock()):
            pause, waited = next(waits, None), True
            if pause is None:
                raise InProgressError
            self._completion.signals.wait(chat.id, pause, deadline)
            found = self._messages.by_id(chat.id)
            if found is None:
                return None, True
            current = found
        return current, waited

    def _is_retry_of(self, earlier: Chat, *, waited: bool) -> bool:
        """Whether this message retries one that failed, which is removed then."""
        if earlier.state is ChatState.FAILED and waited:
            return False  # both were asked for at the same time, and get the same
        # Unless another retry was faster, for which this one waits then.
        if earlier.state is ChatState.FAILED:
            self._announcer.before_removal(earlier)
            self._completion.remove_failed(earlier)
            return True
        if earlier.state in WORKED_ON:
            self._announcer.before_removal(earlier)
            self._messages.remove(earlier)
            return True
        return False

    def _replay(self, chat: Chat) -> Reply:
        """What the first copy got; raises if that was an error."""
        if chat.state is ChatState.LEFT:
            raise _again(ChatInactiveError())
        if chat.state is ChatState.FAILED:
            raise _again(_failure(chat.error))
        hands_over = chat.handover_reason is not None
        if hands_over:
            self._completion.finish_hand_over(chat)
        # It was answered while the assistant was active, whoever answers now.
        return Reply(replace(chat, active=not hands_over), replayed=True)


def earlier_copy(messages: Messages, new: Chat, now: datetime) -> Chat | None:
    """The chat that was stored under a key of `new`; None if it has gone since, or is older than 7 days.

    Raises `InvalidError` `idempotency_mismatch` if it was another message.
    """
    earlier = messages.with_key(new.assistant_id, new.keys)
    if earlier is None:
        return None
    if earlier.created_at < now - _KEYS_ARE_KEPT:
        messages.forget_keys(earlier.id)
        return None
    if earlier.fingerprint != new.fingerprint:
        sentence = "This message id or Idempotency-Key came with another message before."
        raise InvalidError(sentence, code="idempotency_mismatch")
    return earlier


def _check_length(message: IncomingMessage, rules: MessageRules) -> None:
    if len(message.text) > rules.characters:
        raise InvalidError(
            "The message is too long.", {"message": [f"Has more than {rules.characters:,} characters."]}
        )


def _failure(code: str | None) -> OrquestradoraError:
    errors: dict[str | None, OrquestradoraError] = {
        ModelFailedError.code: ModelFailedError("The language model could not answer this message."),
        ModelTimeoutError.code: ModelTimeoutError("The language model did not answer in time."),
        BudgetExhaustedError.code: BudgetExhaustedError(),
        ModelUnavailableError.code: ModelUnavailableError("The language model cannot be reached right now."),
    }
    return errors.get(code) or UnavailableError("The message could not be answered; please try again.")


def _again(error: OrquestradoraError) -> OrquestradoraError:
    error.replayed = True
    return error

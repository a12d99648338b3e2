"""The arrival of a message: stored once, however often it is delivered."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from app.domain.assistants import Assistant
from app.domain.chats import WORKED_ON, Chat, ChatState
from app.domain.conversations import conversation_id_of
from app.domain.errors import (
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
from app.services.messages.deliveries import earlier_delivery
from app.services.messages.exchange import IncomingMessage, Reply
from app.services.messages.line import Line, Place
from app.services.messages.rules import MessageRules, TimeLimit
from app.services.messages.settlements import Settlements
from app.services.ports import Clock
from app.services.ports.conversations import Chats, Messages


class Arrivals:
    """Puts a new message into line, and gives a repeated one what the first delivery got."""

    def __init__(
        self, line: Line, messages: Messages, chats: Chats, settlements: Settlements, clock: Clock
    ) -> None:
        self._line = line
        self._messages = messages
        self._chats = chats
        self._settlements = settlements
        self._clock = clock

    def receive(
        self, assistant: Assistant, message: IncomingMessage, rules: MessageRules, limit: TimeLimit
    ) -> Place | Reply:
        """The message's place in line; or, of a repeated one, the reply it got, which is waited for if need be.

        Raises what the first delivery got; `InvalidError` (`idempotency_mismatch`, or too long),
        `InProgressError` when the first delivery takes too long.
        """
        _check_length(message, rules)
        failed: Chat | None = None
        while limit.left() > 0:
            new = self._new(assistant, message, rules)
            place = self._line.join(new.conversation_id, partial(_with_new_id, new))
            if place is not None:
                return self._instead_of(failed, place)
            earlier = earlier_delivery(self._messages, new, self._clock())
            if earlier is None:
                continue  # it has gone since, or stands elsewhere in line
            settled, waited = self._settled(earlier, limit)
            if settled is None or self._begins_anew(settled, waited=waited):
                failed = settled
                continue
            return _as_before(settled)
        raise InProgressError

    def _new(self, assistant: Assistant, message: IncomingMessage, rules: MessageRules) -> Chat:
        now, quiet = self._clock(), min(rules.burst_quiet_seconds, rules.burst_max_seconds)
        return Chat(
            id=new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            conversation_id=conversation_id_of(assistant.id, message.channel),
            channel=message.channel,
            username=message.username,
            active=True,
            message=message.text,
            created_at=now,
            state=ChatState.GATHERING if quiet else ChatState.ANSWERING,
            until=now + timedelta(seconds=rules.timeout_seconds + quiet),
            keys=message.keys(assistant.id),
            fingerprint=message.fingerprint(),
        )

    def _instead_of(self, failed: Chat | None, place: Place) -> Place:
        if failed is None:
            return place
        with self._settlements.ended_by_errors(place.chat.id):
            self._messages.inherit(failed.conversation_id, failed.id, place.chat.id)
            return self._line.look_again(place)

    def _settled(self, chat: Chat, limit: TimeLimit) -> tuple[Chat | None, bool]:
        """The chat once it is settled (None if it is gone by then), and whether that had to be waited for."""
        current, waited = chat, False
        looks = self._settlements.looks(limit)
        while not current.is_settled(self._clock()):
            pause, waited = next(looks, None), True
            if pause is None:
                raise InProgressError
            self._settlements.wait(chat.id, pause, limit)
            found = self._chats.by_id(chat.id)
            if found is None:
                return None, True
            current = found
        return current, waited

    def _begins_anew(self, earlier: Chat, *, waited: bool) -> bool:
        """Whether an earlier delivery came to nothing, and has made room for this one."""
        if earlier.state is ChatState.FAILED and waited:
            return False  # both were asked for at the same time, and get the same
        if earlier.state is ChatState.FAILED or earlier.state in WORKED_ON:
            self._messages.remove(earlier)  # unless another delivery was faster, for which this one waits then
            return True
        return False


def _with_new_id(chat: Chat) -> Chat:
    return replace(chat, id=new_id())


def _check_length(message: IncomingMessage, rules: MessageRules) -> None:
    if len(message.text) > rules.characters:
        raise InvalidError(
            "The message is too long.", {"message": [f"Has more than {rules.characters:,} characters."]}
        )


def _as_before(chat: Chat) -> Reply:
    """What the first delivery got; raises if that was an error."""
    if chat.state is ChatState.LEFT:
        raise _again(ChatInactiveError())
    if chat.state is ChatState.FAILED:
        raise _again(_failure(chat.error))
    # It was answered while the assistant was active, whoever answers now.
    return Reply(replace(chat, active=chat.handover_reason is None), replayed=True)


def _failure(code: str | None) -> OrquestradoraError:
    errors: dict[str | None, OrquestradoraError] = {
        ModelFailedError.code: ModelFailedError("The language model could not answer this message."),
        ModelTimeoutError.code: ModelTimeoutError("The language model did not answer in time."),
        ModelUnavailableError.code: ModelUnavailableError("The language model cannot be reached right now."),
    }
    return errors.get(code) or UnavailableError("The message could not be answered; please try again.")


def _again(error: OrquestradoraError) -> OrquestradoraError:
    error.replayed = True
    return error

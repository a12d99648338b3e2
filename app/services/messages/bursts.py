"""Messages written in quick succession, which get one answer."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.chats import Chat, ChatState
from app.services.messages.line import Place
from app.services.messages.outcomes import Outcomes
from app.services.messages.rules import MessageRules, TimeLimit
from app.services.messages.settlements import Settlements
from app.services.ports import Clock
from app.services.ports.conversations import Chats, Messages


class Bursts:
    """Holds a message back until its author has been quiet for a while."""

    def __init__(
        self, messages: Messages, chats: Chats, outcomes: Outcomes, settlements: Settlements, clock: Clock
    ) -> None:
        self._messages = messages
        self._chats = chats
        self._outcomes = outcomes
        self._settlements = settlements
        self._clock = clock

    def gather(self, place: Place, rules: MessageRules) -> Chat | None:
        """Take over what is gathering, and wait for more; the chat as merged, if a later one took it over."""
        place = self._with_earlier(place)
        until = min(place.chat.created_at + timedelta(seconds=rules.burst_quiet_seconds), _end(place, rules))
        merged = self._merged_before(place.chat, until)
        if merged is None:
            answer_by = self._clock() + timedelta(seconds=rules.timeout_seconds)
            begun = self._messages.begin(place.chat.id, answer_by)
            merged = None if begun else self._merged_now(place.chat)
        if merged is not None:
            self._settlements.end(place.chat.id)
        return merged

    def _with_earlier(self, place: Place) -> Place:
        """The place, with everything before it that was still gathering merged into its message."""
        now = self._clock()
        before = [self._merged(one, place.chat, now) for one in place.before]
        return replace(place, before=tuple(before))

    def _merged(self, earlier: Chat, chat: Chat, now: datetime) -> Chat:
        gathers = earlier.state is ChatState.GATHERING and not earlier.is_settled(now)
        if gathers and self._outcomes.merged(earlier, chat):
            return replace(earlier, state=ChatState.MERGED, merged_into=chat.id)
        return earlier

    def _merged_before(self, chat: Chat, until: datetime) -> Chat | None:
        """The chat if it was merged by then."""
        for pause in self._settlements.looks(TimeLimit((until - self._clock()).total_seconds())):
            self._settlements.wait_for_another(chat.id, pause)
            merged = self._merged_now(chat)
            if merged is not None:
                return merged
        return None

    def _merged_now(self, chat: Chat) -> Chat | None:
        now = self._chats.by_id(chat.id)
        return now if now is not None and now.state is ChatState.MERGED else None


def together(place: Place) -> list[Chat]:
    """The messages the answer of this one is for: those merged into it, directly or not, and itself."""
    burst = [place.chat]
    for earlier in reversed(place.before):
        if earlier.merged_into in {one.id for one in burst}:
            burst.insert(0, earlier)
    return burst


def _end(place: Place, rules: MessageRules) -> datetime:
    return together(place)[0].created_at + timedelta(seconds=rules.burst_max_seconds)

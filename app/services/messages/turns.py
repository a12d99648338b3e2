"""A message's way until it is its turn to be answered."""

import time
from dataclasses import dataclass, replace

from app.domain.assistants import Assistant
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation
from app.services.conversations import ConversationKeeper
from app.services.messages.arrivals import Arrivals
from app.services.messages.bursts import Bursts
from app.services.messages.exchange import IncomingMessage, Reply
from app.services.messages.line import Line, Place
from app.services.messages.outcomes import Outcomes
from app.services.messages.rules import MessageRules, TimeLimit
from app.services.ports.accounts import Assistants

_NEWS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """A message whose turn it is: everything before it is settled, and it has until the limit."""

    assistant: Assistant
    conversation: Conversation
    place: Place
    rules: MessageRules
    limit: TimeLimit

    @property
    def chat(self) -> Chat:
        """The message, under the name its customer has."""
        return replace(self.place.chat, username=self.place.chat.username or self.conversation.username)

    @property
    def is_overtaken(self) -> bool:
        """Whether the conversation was switched since it was read."""
        return self.place.chat.epoch > self.conversation.epoch


class Turns:
    """Stores messages and lets them wait: for more messages, and for those before them."""

    def __init__(
        self,
        assistants: Assistants,
        arrivals: Arrivals,
        conversations: ConversationKeeper,
        bursts: Bursts,
        *,
        line: Line,
        outcomes: Outcomes,
    ) -> None:
        self._assistants = assistants
        self._arrivals = arrivals
        self._conversations = conversations
        self._bursts = bursts
        self._line = line
        self._outcomes = outcomes

    def take(self, assistant: Assistant, message: IncomingMessage, rules: MessageRules) -> Turn | Reply:
        """The message when it is its turn; or its reply, if it has one already or gets none of its own.

        Raises what `Arrivals.receive` raises, `ChatInactiveError` when a person is answering, and
        `ModelTimeoutError` when the messages before it took all its time.
        """
        limit = TimeLimit(rules.timeout_seconds)
        arrived = self._arrivals.receive(assistant, message, rules, limit)
        if isinstance(arrived, Reply):
            return arrived
        try:
            return self._take(assistant, message, arrived, rules, limit)
        except Exception as error:
            self._outcomes.failed(arrived.chat, error)
            raise

    def _take(
        self, assistant: Assistant, message: IncomingMessage, place: Place, rules: MessageRules, limit: TimeLimit
    ) -> Turn | Reply:
        began = time.monotonic()
        conversation = self._conversations.open(place.chat, rules.auto_reactivate_hours)
        if message.deactivate and conversation.active:
            self._conversations.switch(conversation, active=False)
            conversation = replace(conversation, active=False)
        turn = Turn(assistant, conversation, place, rules, limit)
        if not conversation.active:
            raise self._outcomes.left_to_person(turn.chat, conversation.epoch)
        if place.chat.state is ChatState.GATHERING:
            merged = self._bursts.gather(place, rules)
            if merged is not None:
                return Reply(merged)
            turn = replace(turn, place=self._line.look_again(place), limit=TimeLimit(rules.timeout_seconds))
        turn = self._in_line(turn)
        return turn if time.monotonic() - began < _NEWS_SECONDS else self._with_news(turn)

    def _with_news(self, turn: Turn) -> Turn:
        """What the assistant knows and is told may have changed while the message waited."""
        return replace(turn, assistant=self._assistants.by_id(turn.assistant.id) or turn.assistant)

    def _in_line(self, turn: Turn) -> Turn:
        turn = replace(turn, place=self._line.wait(turn.place, turn.limit))
        if turn.is_overtaken:
            raise self._outcomes.left_to_person(turn.chat, turn.conversation.epoch)
        return turn

"""A customer's message and its answer: the one straight line through the service."""

from collections.abc import Iterator

from app.domain.assistants import Assistant
from app.services.messages.exchange import IncomingMessage, Reply
from app.services.messages.replies import Replies
from app.services.messages.rules import MessageRules
from app.services.messages.turns import Turns


class MessageService:
    """Stores a message, waits for its turn, finds what answers it, asks the model, stores the answer."""

    def __init__(self, turns: Turns, replies: Replies, rules: MessageRules) -> None:
        self._turns = turns
        self._replies = replies
        self._rules = rules

    def answer(self, assistant: Assistant, message: IncomingMessage) -> Reply:
        """The stored chat with its answer.

        Raises `InvalidError` when it is too long or its key belongs to another message; and, the message being
        stored all the same, `ChatInactiveError` when a person is answering, `InProgressError` when an earlier
        delivery of it takes too long, `ModelError` when the model gave no answer.
        """
        turn = self._turns.take(assistant, message, self._rules.of(assistant.settings))
        return turn if isinstance(turn, Reply) else self._replies.whole(turn)

    def stream(self, assistant: Assistant, message: IncomingMessage) -> Reply | Iterator[str | Reply]:
        """What `answer` returns, if there is nothing to wait for; else the answer's text as it comes, then that.

        Raises as `answer` does: at the call until it is this message's turn, and then from the iterator, which
        has to be exhausted even if nobody listens any more.
        """
        turn = self._turns.take(assistant, message, self._rules.of(assistant.settings))
        return turn if isinstance(turn, Reply) else self._replies.pieces(turn)

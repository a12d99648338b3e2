"""From a message whose turn it is to the question a model gets."""

from app.domain.answers import Question
from app.domain.answers import Turn as EarlierTurn
from app.services.messages.bursts import together
from app.services.messages.turns import Turn
from app.services.ports.conversations import Chats
from app.services.ports.knowledge import Knowledge


class Questions:
    """Finds what may answer a message, and what was said before it."""

    def __init__(self, knowledge: Knowledge, chats: Chats) -> None:
        self._knowledge = knowledge
        self._chats = chats

    def of(self, turn: Turn) -> Question:
        """The question; raises `UnavailableError` if the knowledge cannot be searched."""
        assistant, text = turn.assistant, text_of(turn)
        return Question(
            message=text,
            instructions=assistant.prompt,
            passages=self._knowledge.search(assistant.id, assistant.knowledge_version, text),
            history=self._history(turn),
            username=turn.chat.username,
            model=assistant.settings.model,
            temperature=assistant.settings.temperature,
        )

    def _history(self, turn: Turn) -> tuple[EarlierTurn, ...]:
        """The last turns before the message; most are at hand, as the line was looked at."""
        limit, conversation, before = turn.rules.history_turns, turn.conversation, turn.place.before
        if not limit:
            return ()
        burst, first = {one.id for one in together(turn.place)}, conversation.history_from or ""
        lately = [
            EarlierTurn(one.message, one.response) for one in before if one.id not in burst and one.id >= first
        ][-limit:]
        if len(lately) == limit or conversation.created_at >= turn.place.seen_from:
            return tuple(lately)
        oldest = before[0].id if before else turn.chat.id
        return (*self._chats.history(conversation, oldest, limit - len(lately)), *lately)


def text_of(turn: Turn) -> str:
    """What the customer wrote, in one or several messages."""
    return "\n".join(one.message for one in together(turn.place))

"""What customers write."""

import json
from collections.abc import Iterator
from itertools import count, islice

from bench.corpus import passages, questions

_MESSAGES_PER_CONVERSATION = 4
_LONGEST_MESSAGE = 4096


class Customers:
    """People who write to an assistant: a new number each time, four questions, none asked twice; their gateway
    gives each message an id, under which it is answered once.
    """

    def __init__(self) -> None:
        self._numbers = count()
        self._questions = questions()
        self._texts = passages()

    def conversations(self, messages: float) -> list[list[str]]:
        """Enough conversations, as bodies of requests, for so many messages."""
        return [self._conversation(self._questions) for _ in range(0, int(messages), _MESSAGES_PER_CONVERSATION)]

    def long_conversations(self, messages: float) -> list[list[str]]:
        """The same with messages as long as they may be, in which nothing is asked."""
        texts = (self._long_text() for _ in count())
        return [self._conversation(texts) for _ in range(0, int(messages), _MESSAGES_PER_CONVERSATION)]

    def _long_text(self) -> str:
        text = ""
        while len(text) < _LONGEST_MESSAGE:
            text += next(self._texts).replace("?", ".") + " "
        return text[: _LONGEST_MESSAGE - 1] + "."

    def _conversation(self, texts: Iterator[str]) -> list[str]:
        number = next(self._numbers)
        sender = {"id": f"+55119{number:08}", "message_service": "Whatsapp", "username": f"Cliente {number}"}
        asked = islice(texts, _MESSAGES_PER_CONVERSATION)
        return [
            json.dumps({**sender, "message_id": f"{number}/{place}", "message": question}, ensure_ascii=False)
            for place, question in enumerate(asked)
        ]

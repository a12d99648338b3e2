"""What customers write."""

import json
from itertools import count, islice

from bench.corpus import questions

_MESSAGES_PER_CONVERSATION = 4


class Customers:
    """People who write to an assistant: a new number each time, four questions, none asked twice; their gateway
    gives each message an id, under which it is answered once.
    """

    def __init__(self) -> None:
        self._numbers = count()
        self._questions = questions()

    def conversations(self, messages: float) -> list[list[str]]:
        """Enough conversations, as bodies of requests, for so many messages."""
        return [self._conversation() for _ in range(0, int(messages), _MESSAGES_PER_CONVERSATION)]

    def _conversation(self) -> list[str]:
        number = next(self._numbers)
        sender = {"id": f"+55119{number:08}", "message_service": "Whatsapp", "username": f"Cliente {number}"}
        asked = islice(self._questions, _MESSAGES_PER_CONVERSATION)
        return [
            json.dumps({**sender, "message_id": f"{number}/{place}", "message": question}, ensure_ascii=False)
            for place, question in enumerate(asked)
        ]

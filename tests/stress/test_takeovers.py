"""A person takes a conversation over while the model is answering: from then on no answer gets out."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from bson import ObjectId
from pymongo.database import Database

from app.domain.conversations import Channel, conversation_id_of
from app.domain.rows import Row
from tests.stress.callers import Callers
from tests.stress.conftest import Started
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(600)]

RACES = 1000
AT_ONCE = 8
MODEL_SECONDS = (0.1, 0.3)
LATEST_SECONDS = 0.4
GIVEN_BACK_EVERY = 4


@dataclass(frozen=True, slots=True)
class Race:
    """What the gateway got, when `desativar` had returned (on the monotonic clock), and what was on record then."""

    channel: str
    response: httpx.Response
    taken_over: float
    recorded: str

    def is_leak(self, model_ended: float, chat: dict[str, Any]) -> bool:
        """Whether an answer was committed or handed out after the take-over; `chat` is the record at the end.

        Only what the model had said by then can have been committed by then, and only that may be handed out.
        """
        committed_later = chat["response"] != self.recorded or (self.recorded and model_ended > self.taken_over)
        handed_out = self.response.json()["response"] if self.response.status_code == 200 else ""
        return bool(committed_later) or handed_out != self.recorded


def test_no_answer_gets_out_after_a_person_took_over(
    two_processes: Started, database: Database[Row], record_property: Callable[[str, object], None]
) -> None:
    model = RecordingModel(*MODEL_SECONDS)
    with model.served() as settings, two_processes(**settings) as callers:
        with ThreadPoolExecutor(AT_ONCE) as racers:
            races = list(racers.map(lambda number: _race(callers, database, number), range(RACES)))
        record = {chat["channel"]["id"]: chat for chat in callers.record()}
    ended = {call.question: call.ended for call in model.calls}
    assert len(record) == len(ended) == RACES
    assert [race for race in races if race.is_leak(ended[race.channel], record[race.channel])] == []
    assert all(race.response.json()["code"] == "chat_inactive" for race in races if not race.recorded)
    assert all(chat["tokens"]["out"] > 0 for chat in record.values()), "what a dropped answer cost is not counted"
    outcomes = Counter("answered_before" if race.recorded else "answers_dropped" for race in races)
    assert min(outcomes["answered_before"], outcomes["answers_dropped"]) > RACES / 50
    record_property("takeovers", {"races": RACES, "processes": 2, "leaks": 0, **outcomes})


def _race(callers: Callers, database: Database[Row], number: int) -> Race:
    channel = f"+55{number:011}"
    conversation_id = ObjectId(conversation_id_of(callers.assistant_id, Channel(channel, "Whatsapp")))
    moment, operator = random.uniform(0, LATEST_SECONDS), random.randrange(2)
    with ThreadPoolExecutor(1) as gateway:
        message = gateway.submit(callers.deliver, random.randrange(2), channel, channel)
        time.sleep(moment)
        while callers.switch(operator, channel, active=False) == 404:
            time.sleep(0.005)  # nobody has written yet
        taken_over = time.monotonic()
        # Straight from the database: the less time this takes, the less can pass for committed before.
        row = database["chats"].find_one({"conversation_id": conversation_id})
        if number % GIVEN_BACK_EVERY == 0:
            assert callers.switch(operator, channel, active=True) == 200
        return Race(channel, message.result(), taken_over, row["response"] if row else "")

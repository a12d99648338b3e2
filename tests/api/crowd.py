"""Things that happen at the same time, and waiting for them without guessing how long."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event
from typing import Any, TypeVar

from werkzeug.test import TestResponse

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Channel, conversation_id_of
from app.domain.ids import new_id
from app.services.messages import IncomingMessage
from tests.api.house import PHONE, House

T = TypeVar("T")

HANG_SECONDS = 30


class Thinking:
    """A reply for `FakeModel` that is thought of until `go` is set; `begun` says that it is."""

    def __init__(self, text: str = "Resposta.") -> None:
        self.text = text
        self.begun, self.go = Event(), Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.go.wait(HANG_SECONDS), "nobody let the model answer"
        return self.text

    def has_begun(self) -> None:
        """Return when the model is thinking."""
        assert self.begun.wait(HANG_SECONDS), "the model was never asked"


@contextmanager
def meanwhile(call: Callable[[], T]) -> Iterator[Future[T]]:
    """Make the call in another thread while the block runs; its result can be asked for in the block or after."""
    with ThreadPoolExecutor(1) as threads:
        yield threads.submit(call)


def at_once(*calls: Callable[[], T]) -> list[T]:
    """What the calls return, each made from a thread of its own at the same moment."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        ready.wait(HANG_SECONDS)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def wait_until(condition: Callable[[], Any]) -> None:
    """Return when the condition holds."""
    give_up = time.monotonic() + HANG_SECONDS
    while not condition():
        assert time.monotonic() < give_up, "it never came so far"
        time.sleep(0.01)


def events(response: TestResponse) -> list[tuple[str, dict[str, Any]]]:
    """The server-sent events of a response: their names and data."""
    assert response.mimetype == "text/event-stream", response.text
    found = []
    for block in response.text.removesuffix("\n\n").split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def left_by_a_dead_process(house: House, assistant: dict[str, Any], text: str, **values: Any) -> Chat:
    """Stored: a message with its text as `message_id`, which somebody began to answer and has a minute for."""
    message = IncomingMessage(Channel(PHONE, "Whatsapp"), text, "Maria", message_id=text)
    chat = Chat(
        id=new_id(),
        assistant_id=assistant["_id"],
        owner_id=assistant["owner_id"],
        conversation_id=conversation_id_of(assistant["_id"], message.channel),
        channel=message.channel,
        username=message.username,
        active=True,
        message=text,
        created_at=house.clock(),
        state=ChatState.ANSWERING,
        until=house.clock() + timedelta(minutes=1),
        keys=message.keys(assistant["_id"]),
        fingerprint=message.fingerprint(),
    )
    chat = replace(chat, **values)
    assert house.rows.messages.add(chat)
    house.rows.conversation_queue.join(chat, 21)
    return chat

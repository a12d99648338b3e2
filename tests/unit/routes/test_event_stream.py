"""An answer as server-sent events, and a client that goes away."""

from collections.abc import Iterator

import pytest
from pymongo.errors import AutoReconnect, CursorNotFound, OperationFailure, WriteConcernError

from app.domain.errors import ModelTimeoutError
from app.repositories.failures import as_unavailable
from app.routes.event_stream import event_stream
from app.routes.schemas.common import MessageOut
from app.services.messages import Reply
from tests.unit.services.messages.test_message import chat


class Writing:
    """An answer that is written in three pieces; `is_whole` once it was read to its end."""

    def __init__(self, error: Exception | None = None) -> None:
        self.is_whole = False
        self._error = error

    def __iter__(self) -> Iterator[str | Reply]:
        yield from ("Três", " dias", "\n\núteis.")
        if self._error:
            raise self._error
        self.is_whole = True
        yield Reply(chat("1"))


def shown(reply: Reply) -> MessageOut:
    return MessageOut(message=reply.chat.response)


def test_the_events_of_an_answer() -> None:
    response = event_stream(iter(Writing()), shown, {"Idempotent-Replayed": "true"}, as_unavailable)

    assert response.get_data(as_text=True).split("\n\n") == [
        'event: chunk\ndata: {"text": "Três"}',
        'event: chunk\ndata: {"text": " dias"}',
        'event: chunk\ndata: {"text": "\\n\\núteis."}',
        'event: done\ndata: {"message": "r1"}',
        "",
    ]
    assert (response.mimetype, response.headers["Idempotent-Replayed"]) == ("text/event-stream", "true")


def test_an_error_is_the_last_event() -> None:
    response = event_stream(iter(Writing(ModelTimeoutError("It took too long."))), shown, {}, as_unavailable)

    *_, last, end = response.get_data(as_text=True).split("\n\n")
    assert last == 'event: error\ndata: {"error": "It took too long.", "code": "model_timeout"}'
    assert end == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AutoReconnect("connection closed"), "database_unavailable"),
        (CursorNotFound("cursor id 1 not found"), "database_unavailable"),
        (WriteConcernError("waiting for replication timed out", 64), "database_unavailable"),
        (OperationFailure("unknown operator: $sett", 9), "internal_error"),
        (KeyError("a bug"), "internal_error"),
    ],
)
def test_a_failure_of_the_database_that_passes_is_told_from_a_bug(error: Exception, code: str) -> None:
    response = event_stream(iter(Writing(error)), shown, {}, as_unavailable)

    *_, last, _ = response.get_data(as_text=True).split("\n\n")
    assert f'"code": "{code}"' in last
    assert str(error) not in last


@pytest.mark.parametrize("events_read", [0, 1, 3, 4])
def test_whoever_goes_away_the_answer_is_read_to_its_end(events_read: int) -> None:
    writing = Writing()
    response = event_stream(iter(writing), shown, {}, as_unavailable)
    reading = response.iter_encoded()
    for _ in range(events_read):
        next(reading)

    response.close()

    assert writing.is_whole

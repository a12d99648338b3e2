"""What an outage leaves in the log."""

import io
import logging
from collections.abc import Iterator

import pytest

from app.outage_log import OutageFilter


class OutageError(Exception):
    """Passes by itself."""


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(OutageFilter(lambda error: isinstance(error, OutageError)))
    logger = logging.getLogger("outage")
    logger.addHandler(handler)
    logger.propagate = False
    yield written
    logger.removeHandler(handler)


def fail(sentence: str, *arguments: object, error: Exception) -> None:
    try:
        raise error
    except Exception:
        logging.getLogger("outage").exception(sentence, *arguments)


def test_an_outage_is_one_line_without_a_traceback(lines: io.StringIO) -> None:
    fail("Document %s waits", "a", error=OutageError("no\n  space, full error: {'ok': 0}"))

    assert lines.getvalue() == "Document a waits: OutageError: no space\n"


def test_a_place_is_heard_of_once_a_minute(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for number in range(500):
        fail("Document %s waits", number, error=OutageError("no space"))
    fail("Another place", error=OutageError("no space"))
    now += 60
    fail("Document %s waits", "z", error=OutageError("no space"))

    assert lines.getvalue().splitlines() == [
        "Document 0 waits: OutageError: no space",
        "Another place: OutageError: no space",
        "Document z waits: OutageError: no space (499 more like this in the last minute)",
    ]


def test_what_the_sentence_says_is_not_said_twice(lines: io.StringIO) -> None:
    fail("Not ready: 100% full", error=OutageError("100% full"))

    assert lines.getvalue() == "Not ready: 100% full\n"


def test_a_bug_keeps_its_traceback_each_time(lines: io.StringIO) -> None:
    for _ in range(2):
        fail("It broke", error=ValueError("x"))

    assert lines.getvalue().count("Traceback") == 2


def test_a_line_without_an_error_is_left_alone(lines: io.StringIO) -> None:
    for _ in range(2):
        logging.getLogger("outage").warning("Olá")

    assert lines.getvalue() == "Olá\nOlá\n"

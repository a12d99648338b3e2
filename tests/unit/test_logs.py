"""Log lines."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest

from app.logs import configure_logs, request_id


@pytest.fixture(autouse=True)
def _root_as_it_was() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("app")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.fixture(autouse=True)
def _outside_a_request() -> Iterator[None]:
    token = request_id.set("-")
    yield
    request_id.reset(token)


@pytest.fixture
def _in_a_request(_outside_a_request: None) -> None:
    request_id.set("abc")


@pytest.mark.usefixtures("_in_a_request")
def test_a_line_of_text_names_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "text")
    logging.getLogger("app.somewhere").info("Olá")

    assert capsys.readouterr().err.endswith(" INFO app.somewhere [abc] Olá\n")


@pytest.mark.usefixtures("_in_a_request")
def test_a_line_of_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    logging.getLogger("app.somewhere").warning("two\nlines %s", "é")

    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert datetime.fromisoformat(entry.pop("time")).utcoffset() is not None
    assert entry == {
        "level": "WARNING",
        "logger": "app.somewhere",
        "request_id": "abc",
        "message": "two\nlines é",
    }


def test_an_exception_is_part_of_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("app").exception("It failed")

    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: broken" in json.loads(line)["exception"]


def test_outside_a_request_there_is_no_id(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "text")
    logging.getLogger("app").info("Started")

    assert " [-] Started" in capsys.readouterr().err


def test_the_level_is_for_our_own_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("DEBUG", "text")
    logging.getLogger("app").debug("ours")
    logging.getLogger("somebody.else").info("theirs")
    logging.getLogger("somebody.else").warning("a warning of theirs")

    written = capsys.readouterr().err
    assert "ours" in written
    assert "a warning of theirs" in written
    assert "INFO somebody.else" not in written

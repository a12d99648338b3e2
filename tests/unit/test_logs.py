"""Log lines."""

import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import datetime

import pytest

from app.logs import Format, announce, configure_logs, masked, refuse_to_start, request_id


@pytest.fixture(autouse=True)
def _root_as_it_was() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("app")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.captureWarnings(False)
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


@pytest.mark.filterwarnings("default")
def test_warnings_and_what_ends_a_thread_are_lines_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    warnings.warn("old", UserWarning, stacklevel=1)
    broken = threading.Thread(target=lambda: {}["missing"], name="sweeper")  # type: ignore[index]
    broken.start()
    broken.join()
    sys.excepthook(ValueError, ValueError("bad"), None)

    warned, in_thread, in_main = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert "UserWarning: old" in warned["message"]
    assert "sweeper" in in_thread["message"]
    assert "KeyError: 'missing'" in in_thread["exception"]
    assert "ValueError: bad" in in_main["exception"]


def test_a_start_that_is_refused_is_one_line_of_the_logs_form(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as text:
        refuse_to_start("PORT: no.", "text")
    with pytest.raises(SystemExit) as as_json:
        refuse_to_start("PORT: no.", "json")

    assert text.value.code == "Orquestradora cannot start. PORT: no."
    assert as_json.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "Orquestradora cannot start. PORT: no."


def test_what_is_said_to_a_person_goes_to_the_log_where_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    announce(["here"], "text")
    announce(["there"], "json")

    written = capsys.readouterr()
    assert written.out == "here\n"
    assert json.loads(written.err)["message"] == "there"


@pytest.mark.parametrize("form", ["text", "json"])
def test_phone_numbers_and_keys_are_left_out(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", form)
    number, key = "+5513988593464", "Zk3" + "a-B_7" * 12
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    try:
        raise ValueError(f"duplicate key {{channel: '{number}'}} {key}")
    except ValueError:
        logging.getLogger("app.somewhere").exception("of %s@s.whatsapp.net, with %s and %s", number[1:], key, token)
    logging.getLogger("a.library").warning(f"GET /chats/desativar/{number}")

    said = capsys.readouterr().err

    assert "ValueError" in said
    assert "<number>@s.whatsapp.net, with <key> and <key>" in said
    assert not any(secret in said for secret in (number[1:], key, token))


@pytest.mark.parametrize(
    "text",
    [
        "Document 6b0cd9997b5dd5c62a718db0 failed",
        "0123456789abcdef01234567",
        "2026-11-22T07:37:12.345+00:00",
        "127.0.0.1:37017 after 1234.5 s",
        f"sha256 {'0a' * 32}",
        "test_a_long_name_that_has_a_number_in_it_such_as_1",
        "550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_ids_times_and_names_stay(text: str) -> None:
    assert masked(text) == text

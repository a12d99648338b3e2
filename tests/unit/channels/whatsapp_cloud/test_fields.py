"""Reading JSON that may be anything."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.channels.whatsapp_cloud.fields import identifier, items, moment, part, read_json, text


@pytest.mark.parametrize("value", [None, 5, "a", [], {"b": 1}, {"a": None}, {"a": [1]}, {"a": "x"}])
def test_an_object_that_is_not_there_is_empty(value: Any) -> None:
    assert part(value, "a") == {}


@pytest.mark.parametrize(("value", "found"), [({}, []), ({"a": None}, []), ({"a": [1]}, [1]), ({"a": "x"}, ["x"])])
def test_what_should_be_a_list_is_one(value: dict[str, Any], found: list[Any]) -> None:
    assert items(value, "a") == found


@pytest.mark.parametrize("value", [{}, {"a": None}, {"a": 5}, {"a": ["x"]}, {"a": "\x00"}])
def test_a_text_that_is_not_there_is_empty(value: dict[str, Any]) -> None:
    assert text(value, "a") == ""
    assert identifier(value, "a") is None


def test_an_id_has_an_end() -> None:
    assert identifier({"a": "x" * 512}, "a") == "x" * 512
    assert identifier({"a": "x" * 513}, "a") is None


def test_times_before_the_api_and_to_come_are_not_believed() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert moment({"at": "9999999999"}, "at", now) is None
    assert moment({"at": "1400000000"}, "at", now) is None
    assert moment({"at": "1700000000"}, "at", now) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 1_000_000])
def test_what_is_no_json_is_an_error_of_one_kind(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_json(body)

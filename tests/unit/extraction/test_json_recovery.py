"""Of damaged JSON all before the damage is read."""

from typing import Any

import pytest

from app.extraction.json_recovery import recover


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("[1, 2, 3", [1, 2, 3], ""),
        ("[1, 2 3]", [1, 2], " 3]"),
        ('{"a": {"b": [1, {"c": 2, "d"', {"a": {"b": [1, {"c": 2}]}}, '"d"'),
        ('{"a": 1, b: 2}', {"a": 1}, "b: 2}"),
        ('{"a": 1, 2: 3}', {"a": 1}, "2: 3}"),
        ("  [1]  x", [1], "  x"),
        ("[1,,2,]x", [1, 2], "x"),
    ],
)
def test_what_stands_before_the_damage(text: str, value: Any, rest: str) -> None:
    recovered = recover(text)

    assert recovered is not None
    assert recovered.value == value
    assert text[recovered.end :] == rest


@pytest.mark.parametrize("text", ["", "x", "[", "[x", "{", '{"a"', "{1: 2}", '"aberto'])
def test_nothing_is_nothing(text: str) -> None:
    assert recover(text) is None

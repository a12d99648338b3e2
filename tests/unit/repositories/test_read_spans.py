"""What is known to be read, as spans of activity."""

import pytest

from app.repositories.read_spans import ReadSpan, ReadSpans

NAME = ("user", "assistant")


def test_what_is_known_newer_counts_and_the_rest_stays() -> None:
    known = ReadSpan("2", "6", [("5", "five"), ("3", "three")])

    joined = known.joined(ReadSpan("4", "8", [("7", "seven")]))

    assert joined == ReadSpan("2", "8", [("7", "seven"), ("3", "three")])


@pytest.mark.parametrize("apart", [ReadSpan("7", "8", [("7", "x")]), ReadSpan("", "1")])
def test_nothing_is_known_of_what_lies_between(apart: ReadSpan) -> None:
    known = ReadSpan("2", "6", [("5", "five")])

    assert known.joined(apart) == known


def test_spans_that_touch_are_one() -> None:
    assert ReadSpan("4", "6").joined(ReadSpan("", "4", [("3", "three")])) == ReadSpan("", "6", [("3", "three")])


def test_a_span_ends_at_its_300th_unread_conversation() -> None:
    unread = [(f"{number:04}", "") for number in range(500, 0, -1)]

    bounded = ReadSpan("", "9999", unread).bounded()

    assert (bounded.since, len(bounded.unread), bounded.unread[-1][0]) == ("0201", 300, "0201")


def test_only_the_spans_of_those_who_asked_last_are_kept() -> None:
    spans = ReadSpans()
    spans.add(NAME, ReadSpan("1", "1"))
    assert spans.get(NAME) is None

    for number in range(1_001):
        spans.add((str(number),), ReadSpan("1", "2"))

    assert spans.get(("0",)) is None
    assert spans.get(("1000",)) == ReadSpan("1", "2")

import random

import pytest

from app.llm.visible import VisibleText, visible_text


def shown(*pieces: str) -> list[str]:
    text = VisibleText()
    return [text.add(piece) for piece in pieces]


def test_text_is_handed_out_as_it_comes() -> None:
    assert shown("O pra", "zo é de ", "5 dias.") == ["O pra", "zo é de", " 5 dias."]


def test_space_around_the_text_is_held_back() -> None:
    assert shown(" ", "\n5", " ", "\n", "dias.", "\n\n", " ") == ["", "5", "", "", " \ndias.", "", ""]


@pytest.mark.parametrize(
    "pieces",
    [
        ("<think>hm</think>", "5 dias."),
        (" <", "thi", "nk", ">h", "<m</", "think", ">\n", "\n5 d", "ias."),
        ("<think>", "</thin</think>5 dias."),
    ],
)
def test_thinking_is_never_handed_out(pieces: tuple[str, ...]) -> None:
    assert "".join(shown(*pieces)) == "5 dias."


def test_thinking_without_an_end_is_never_handed_out() -> None:
    assert shown("<think>", "5 dias?", " " * 1000) == ["", "", ""]
    assert visible_text("<think>5 dias?") == ""


def test_what_only_looks_like_thinking_is_text() -> None:
    assert shown("<", "thinner> 5") == ["", "<thinner> 5"]
    assert shown("5 ", "<think>") == ["5", " <think>"]


def test_what_cannot_be_sent_is_removed() -> None:
    assert shown("\x00 ", "5\ud800", "\x00 dias", " \x00") == ["", "5", " dias", ""]


def test_however_a_text_is_cut_the_pieces_are_its_visible_part() -> None:
    parts = ["<think>", "</think>", "<", ">", "think", "</", " ", "\n", "\x00", "\ud800", "a", "ção", "5 dias. "]
    dice = random.Random(7)
    for _ in range(3000):
        whole = "".join(dice.choices(parts, k=dice.randint(1, 8)))
        cuts = sorted(dice.choices(range(len(whole) + 1), k=3))
        pieces = (whole[: cuts[0]], whole[cuts[0] : cuts[1]], whole[cuts[1] : cuts[2]], whole[cuts[2] :])
        joined, expected = "".join(shown(*pieces)), visible_text(whole)

        assert expected.startswith(joined)
        assert joined == expected or "<think>".startswith(expected)

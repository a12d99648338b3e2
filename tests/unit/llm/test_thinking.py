"""Thinking never reaches a customer, however a model marks it and however its text is cut into pieces."""

import random
import time
from collections.abc import Iterable

import pytest

from app.llm.thinking import ThinkingStyle, VisibleText

MARKED = [
    ("<think>SECRET</think>5 dias.", "5 dias."),
    ("\n <think>\nSECRET\n</think>\n\n5 dias.\n", "5 dias."),
    ("<THINK>SECRET</THINK>5 dias.", "5 dias."),
    ("<Thinking>SECRET</Thinking>5 dias.", "5 dias."),
    ("<thinking>SECRET</thinking>5 dias.", "5 dias."),
    ("<thought>SECRET</thought>5 dias.", "5 dias."),
    ("<reasoning>SECRET</reasoning>5 dias.", "5 dias."),
    ("<seed:think>SECRET</seed:think>5 dias.", "5 dias."),
    ('<think budget="9">SECRET</think >5 dias.', "5 dias."),
    ("< think >SECRET< / think >5 dias.", "5 dias."),
    ("[THINK]SECRET[/THINK]5 dias.", "5 dias."),
    ("◁think▷SECRET◁/think▷5 dias.", "5 dias."),
    ("<|begin_of_thought|>SECRET<|end_of_thought|><|begin_of_solution|>5 dias.<|end_of_solution|>", "5 dias."),
    ("<|START_THINKING|>SECRET<|END_THINKING|><|START_RESPONSE|>5 dias.<|END_RESPONSE|>", "5 dias."),
    ("<think>SECRET</think>\n<answer>\n5 dias.\n</answer>", "5 dias."),
    ("<think>SECRET", ""),
    ("<think>SECRET</think>", ""),
    ("<think>SECRET <think>SECRET</think> SECRET</think>5 dias.", "5 dias."),
    ("<think>SECRET</thin</think>5 dias.", "5 dias."),
    # in the middle and at the end
    ("São 5 dias. <think>SECRET</think> Algo mais?", "São 5 dias. Algo mais?"),
    ("São 5 dias.\n\n<think>SECRET</think>\n\nAlgo mais?", "São 5 dias.\n\nAlgo mais?"),
    ("São 5 dias.<think>SECRET", "São 5 dias."),
    # gpt-oss
    ("<|channel|>analysis<|message|>SECRET<|end|><|start|>assistant<|channel|>final<|message|>5 dias.", "5 dias."),
    (
        "<|start|>assistant<|channel|>analysis<|message|>SECRET<|end|>\n<|start|>assistant<|channel|>commentary "
        "to=functions.x <|constrain|>json<|message|>{SECRET}<|call|><|start|>assistant<|channel|>final<|message|>"
        "5 dias.<|return|>",
        "5 dias.",
    ),
    ("analysis<|message|>SECRET<|end|><|start|>assistant<|channel|>final<|message|>5 dias.<|return|>", "5 dias."),
    ("<|channel|>analysis<|message|>SECRET", ""),
    ("<|channel|>final<|message|>5 dias.", "5 dias."),
    ("<|start|>assistant<|message|>5 dias.<|end|>", "5 dias."),
    ("analysisSECRET, the user asks.assistantfinal5 dias.", "5 dias."),
    ("analysisSECRETassistantcommentary to=x{SECRET}assistantfinal5 dias.", "5 dias."),
    ("analysisSECRET", ""),
]
UNOPENED = [
    ("SECRET</think>5 dias.", "5 dias."),
    ("\nOkay, SECRET.\n</think>\n\n5 dias.", "5 dias."),
    ("SECRET</THINK>5 dias.", "5 dias."),
    ("SECRET</thinking>5 dias.", "5 dias."),
    ("SECRET[/THINK]5 dias.", "5 dias."),
    ("SECRET<think>SECRET</think>SECRET</think>5 dias.", "5 dias."),
    ("SECRET</think>", ""),
]
PLAIN = [
    "5 dias.",
    "A < B, e 3 > 2 <b>",
    "<thinner> 5",
    "<",
    "Veja [1], [/x] e [THIN",
    "analysis",
    "analysis of your order",
    "commentary: 5",
    "Think 5 & thinking",
]


def pieces(text: str, size: int) -> Iterable[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def streamed(parts: Iterable[str], *, is_held: bool) -> tuple[str, VisibleText]:
    visible = VisibleText(is_held=is_held)
    handed_out = "".join(visible.add(part) for part in parts)
    return handed_out + visible.finish(), visible


def whole(text: str) -> str:
    return ThinkingStyle().visible_text(text, is_cut=False)


@pytest.mark.parametrize(("text", "shown"), MARKED + UNOPENED)
def test_thinking_is_no_part_of_a_whole_reply(text: str, shown: str) -> None:
    assert whole(text) == shown


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1000])
@pytest.mark.parametrize(("text", "shown"), MARKED)
def test_marked_thinking_is_never_streamed(text: str, shown: str, size: int) -> None:
    for is_held in (False, True):
        assert streamed(pieces(text, size), is_held=is_held)[0] == shown


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1000])
@pytest.mark.parametrize(("text", "shown"), UNOPENED)
def test_thinking_without_a_beginning_is_never_streamed_by_a_model_not_known(
    text: str, shown: str, size: int
) -> None:
    handed_out, visible = streamed(pieces(text, size), is_held=True)

    assert handed_out == shown
    assert visible.closed_unopened
    assert not visible.is_void


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_thinking_is_text(text: str, size: int) -> None:
    assert whole(text) == text
    for is_held in (False, True):
        assert streamed(pieces(text, size), is_held=is_held)[0] == text


def test_a_known_model_that_thinks_aloud_all_the_same_is_stopped() -> None:
    visible = VisibleText()

    assert [visible.add(part) for part in ("Okay", "</think>", "5 dias.")] == ["Okay", "", ""]
    assert visible.is_void
    assert visible.finish() == ""


def shown(*parts: str) -> list[str]:
    visible = VisibleText()
    return [visible.add(part) for part in parts]


def test_text_is_handed_out_as_it_comes() -> None:
    assert shown("O pra", "zo é de ", "5 dias.") == ["O pra", "zo é de", " 5 dias."]


def test_space_around_the_text_is_held_back() -> None:
    assert shown(" ", "\n5", " ", "\n", "dias.", "\n\n", " ") == ["", "5", "", "", " \ndias.", "", ""]


@pytest.mark.parametrize(
    "parts",
    [
        ("<think>hm</think>", "5 dias."),
        (" <", "thi", "nk", ">h", "<m</", "think", ">\n", "\n5 d", "ias."),
        ("<think>", "</thin</think>5 dias."),
    ],
)
def test_text_is_handed_out_once_thinking_is_over(parts: tuple[str, ...]) -> None:
    assert "".join(shown(*parts)) == "5 dias."


def test_thinking_without_an_end_is_never_handed_out() -> None:
    assert shown("<think>", "5 dias?", " " * 1000) == ["", "", ""]


def test_what_may_become_a_mark_is_held_back() -> None:
    assert shown("<", "thinner> 5") == ["", "<thinner> 5"]
    assert shown("5 ", "<think>") == ["5", ""]


def test_what_cannot_be_sent_is_removed() -> None:
    assert shown("\x00 ", "5\ud800", "\x00 dias", " \x00") == ["", "5", " dias", ""]


def test_of_a_model_not_known_nothing_is_handed_out_before_the_end_or_the_end_of_its_thinking() -> None:
    plain, closing, opening = (VisibleText(is_held=True) for _ in range(3))

    assert [plain.add("5 "), plain.add("dias."), plain.finish()] == ["", "", "5 dias."]
    assert [closing.add("hm"), closing.add("</think>5"), closing.add(" dias.")] == ["", "5", " dias."]
    assert [opening.add("<think>hm</think>5"), opening.add(" dias.")] == ["5", " dias."]


def test_a_server_that_keeps_thinking_apart_is_trusted_until_it_does_not() -> None:
    style = ThinkingStyle(is_known=True)
    assert style.reader().add("5") == "5"

    style.visible_text("hm</think>5", is_cut=False)
    assert style.reader().add("5") == ""


def test_a_model_is_known_by_its_whole_replies() -> None:
    style = ThinkingStyle()
    assert style.reader().add("5") == ""

    style.visible_text("São 5 dias. O", is_cut=True)
    assert style.reader().add("5") == ""

    style.visible_text("", is_cut=False)
    assert style.reader().add("5") == ""

    style.visible_text("São 5 dias.", is_cut=False)
    assert style.reader().add("5") == "5"

    style.visible_text("hm</think>São 5 dias.", is_cut=False)
    style.visible_text("São 5 dias.", is_cut=False)
    assert style.reader().add("5") == ""


def test_a_cut_reply_of_a_model_that_thinks_without_a_beginning_is_thinking() -> None:
    style = ThinkingStyle()
    assert style.visible_text("São 5 dias. O", is_cut=True) == "São 5 dias. O"

    style.visible_text("SECRET</think>5", is_cut=False)

    assert style.visible_text("Okay. SECRET", is_cut=True) == ""
    assert style.visible_text("SECRET</think>São 5", is_cut=True) == "São 5"


@pytest.mark.parametrize("start", ["<", "</", "< / ", "<think", "[", "analysis<"])
def test_no_text_takes_long_to_read(start: str) -> None:
    began = time.monotonic()
    whole(start + " " * 40_000)
    whole(start * 10_000)

    assert time.monotonic() - began < 20


def test_however_a_text_is_cut_the_pieces_are_its_visible_part() -> None:
    parts = ["<think>", "</think>", "<", ">", "think", "</", " ", "\n", "\x00", "\ud800", "a", "ção", "5 dias. "]
    parts += ["<|channel|>", "final", "analysis", "<|message|>", "<|end|>", "[THINK]", "[/", "assistantfinal", "X"]
    dice = random.Random(7)
    for _ in range(5000):
        text = "".join(dice.choices(parts, k=dice.randint(1, 8)))
        cuts = sorted(dice.choices(range(len(text) + 1), k=3))
        split = (text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] : cuts[2]], text[cuts[2] :])
        expected = whole(text)
        for is_held in (False, True):
            handed_out, visible = streamed(split, is_held=is_held)
            assert visible.is_void or handed_out == expected, (split, is_held)
            if is_held and text.count("</think>") < 2 and "<|channel|>" not in text:
                assert not visible.is_void, split

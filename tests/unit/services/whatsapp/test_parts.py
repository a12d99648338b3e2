"""What is sent fits, reads well at its seams, and says all that the answer said."""

import random
import re
from collections import Counter
from urllib.parse import unquote

import pytest

from app.services.whatsapp import to_parts

LIMIT = 160
FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇧🇷"


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("response", ["", " ", "\n\n \t\r\n"])
def test_nothing_makes_no_parts(response: str) -> None:
    assert to_parts(response) == ()


@pytest.mark.parametrize("response", ["---", "#", "<br>", "- ", ">", "```\n```"])
def test_an_answer_without_words_is_given_as_it_stands(response: str) -> None:
    assert to_parts(response) == (response.strip(),)


def test_deeper_nesting_than_anyone_reads_loses_nothing() -> None:
    assert to_parts(">" * 50 + " oi") == (">" * 50 + " oi",)
    assert "oi" in to_parts("- " * 50 + "oi")[0]


def test_an_answer_of_the_longest_length_is_one_part() -> None:
    assert to_parts("a" * 4096) == ("a" * 4096,)
    assert to_parts("a" * 4097) == ("a" * 4096, "a")


def test_lengths_count_as_gateways_count_them() -> None:
    assert [units(part) for part in to_parts("😀" * 3000)] == [4096, 1904]


def test_a_limit_without_room_for_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="160"):
        to_parts("Olá", 20)


def test_paragraphs_stay_whole_and_together_while_they_fit() -> None:
    paragraphs = [letter * 70 for letter in "abcde"]

    assert to_parts("\n\n".join(paragraphs), LIMIT) == (
        f"{'a' * 70}\n\n{'b' * 70}",
        f"{'c' * 70}\n\n{'d' * 70}",
        "e" * 70,
    )


def test_items_are_not_torn_apart() -> None:
    items = [f"{number}. {'item ' * 12}fim" for number in range(1, 6)]

    assert [part.split("\n") for part in to_parts("\n".join(items), LIMIT)] == [
        items[:2],
        items[2:4],
        items[4:],
    ]


def test_a_long_paragraph_is_cut_between_sentences_and_fills_the_part_before() -> None:
    sentences = [f"Esta é a frase {number} de uma resposta longa, com R$ 1.234,56 no meio." for number in range(6)]

    parts = to_parts("# Título\n" + " ".join(sentences), LIMIT)

    assert parts[0] == f"*Título*\n{sentences[0]} {sentences[1]}"
    assert parts[1:] == (" ".join(sentences[2:4]), " ".join(sentences[4:]))


def test_a_long_sentence_is_cut_between_words() -> None:
    sentence = "palavra " * 100

    parts = to_parts(sentence, LIMIT)

    assert " ".join(parts) == sentence.strip()
    assert all(len(part) > LIMIT - 2 * len("palavra ") for part in parts[:-1])


def test_a_link_is_cut_from_what_is_around_it_and_not_within() -> None:
    url = "https://loja.com.br/" + "x" * 100

    assert any(f"({url})." in part for part in to_parts(f"{'palavra ' * 15}veja [aqui]({url}).", LIMIT))


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, "e\u0301", "👍🏽", "❤️"])
def test_what_is_seen_as_one_character_is_not_split(cluster: str) -> None:
    parts = to_parts("a" + cluster * 400, LIMIT)

    assert "".join(parts) == "a" + cluster * 400
    assert all(part.removeprefix("a").replace(cluster, "") == "" for part in parts)


def test_a_character_longer_than_a_part_is_cut_all_the_same() -> None:
    parts = to_parts("e" + "\u0301" * 500, LIMIT)

    assert "".join(parts) == "e" + "\u0301" * 500
    assert max(map(units, parts)) <= LIMIT


def test_marks_are_closed_at_a_cut_and_opened_again() -> None:
    parts = to_parts("**" + "negrito " * 50 + "*e itálico* " * 30 + "fim**", LIMIT)

    assert len(parts) > 3
    for part in parts:
        assert re.fullmatch(r"\*[^*]+\*", part)
        assert part.count("_") % 2 == 0


def test_code_is_closed_at_a_cut_and_opened_again_with_its_lines_whole() -> None:
    lines = [f"    if x == {number}:  # **não** é negrito" for number in range(20)]

    parts = to_parts("```python\n" + "\n".join(lines) + "\n```", LIMIT)

    assert all(part.startswith("```") and part.endswith("```") and part.count("```") == 2 for part in parts)
    assert "\n".join(part.strip("`") for part in parts) == "\n".join(lines)


def test_each_piece_of_a_quote_is_a_quote_and_only_the_first_of_an_item_has_its_marker() -> None:
    quote = to_parts("> " + "palavra " * 60, LIMIT)
    item = to_parts("7. " + "palavra " * 60, LIMIT)

    assert all(part.startswith("> palavra") for part in quote)
    assert item[0].startswith("7. palavra")
    assert all(part.startswith("  palavra") for part in item[1:])


def test_a_marker_is_not_lost_when_its_item_begins_in_the_next_part() -> None:
    parts = to_parts("a" * 158 + "\n1. " + "x" * 200, LIMIT)

    assert parts[0] == "a" * 158
    assert parts[1].startswith("1. x")


PIECES = (
    *("*", "**", "_", "~~", "`", "```\n", "~~~ x y\n", "> ", "- ", "1. ", "# ", "---\n", "|", "|-|-|\n"),
    *("a|b\n-|-\n", "[", "](", ")", "![", "http://x.br/", "<br>", "<b>", "</b>", "&amp;", "\\", "\n", "\n\n"),
    *(" ", "  ", ". ", "2", "palavra", "ção", "São Paulo", FAMILY, FLAG, "e\u0301", "😀", "R$"),
)
WORDS = re.compile(rf"palavra|ção|São|Paulo|😀|{FAMILY}|{FLAG}")


@pytest.mark.parametrize("seed", range(200))
def test_whatever_comes_fits_and_no_word_is_lost(seed: int) -> None:
    chance = random.Random(seed)
    pieces = PIECES if seed % 3 else PIECES[-14:]
    response = "".join(chance.choices(pieces, k=chance.choice([5, 40, 200, 400])))

    parts = to_parts(response, LIMIT)

    assert all(part.strip() and units(part) <= LIMIT for part in parts)
    assert bool(parts) == bool(response.strip())
    assert not Counter(WORDS.findall(response)) - Counter(WORDS.findall(unquote(" ".join(parts))))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "pattern", ["*", "[", "|", "`a", "<b>a ", "**a ", "a|b\n-|-\n", "> a\n>> b\n", FLAG, "\u0301"]
)
@pytest.mark.parametrize("length", [15_000, pytest.param(50_000, marks=pytest.mark.stress)])
def test_hostile_text_comes_through(pattern: str, length: int) -> None:
    parts = to_parts(pattern * (length // len(pattern)))

    assert parts
    assert all(units(part) <= 4096 for part in parts)

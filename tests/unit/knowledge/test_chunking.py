"""Chunks are cut where the author cut, stay within their bounds, and lose nothing."""

import re
from collections import Counter

import pytest

from app.domain.documents import Piece
from app.knowledge.chunking import LARGEST, split

SENTENCE = "O coração da loja não é só a palavra que se diz, é o serviço. "
PARAGRAPH = (SENTENCE * 6).strip()


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def cut(text: str) -> list[tuple[str, str]]:
    """Headings and texts."""
    return [(piece.heading, piece.text) for piece in split(text)]


def words_of(pieces: list[Piece]) -> Counter[str]:
    return words("\n".join(f"{piece.heading}\n{piece.text}" for piece in pieces))


def test_short_text_is_one_piece() -> None:
    assert cut("Abrimos às 8h.") == [("", "Abrimos às 8h.")]


def test_pieces_know_the_headings_above_them() -> None:
    text = f"# Prazos\n{PARAGRAPH}\n## Entrega\n{PARAGRAPH}\n### Sul\n{PARAGRAPH}\n# Trocas\n{PARAGRAPH}"

    assert [piece.heading for piece in split(text)] == [
        "Prazos",
        "Prazos > Entrega",
        "Prazos > Entrega > Sul",
        "Trocas",
    ]


def test_a_heading_without_text_of_its_own_stands_in_the_path_only() -> None:
    assert cut(f"# Prazos\n\n## Entrega\n{PARAGRAPH}") == [("Prazos > Entrega", PARAGRAPH)]


def test_a_heading_with_nothing_below_it_is_kept_as_text() -> None:
    assert cut(f"# Prazos\n{PARAGRAPH}\n# Anexo")[-1] == ("", "Anexo")


def test_short_sections_stay_apart() -> None:
    answer = "Sim, em até trinta dias corridos após o recebimento, com a nota fiscal e a etiqueta original."

    pieces = cut(f"# Posso trocar?\n{answer}\n# Posso devolver?\n{answer}")

    assert pieces == [("Posso trocar?", answer), ("Posso devolver?", answer)]


def test_tiny_sections_are_put_together_below_their_own_headings() -> None:
    pieces = cut("# Loja\n## Abre\nàs 8h\n## Fecha\nàs 18h\n")

    assert pieces == [("Loja", "## Abre\nàs 8h\n## Fecha\nàs 18h")]


def test_a_tiny_section_does_not_take_the_heading_from_a_long_one() -> None:
    pieces = split(f"# Abre\nàs 8h\n# Trocas\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n{PARAGRAPH}")

    assert [piece.heading for piece in pieces] == ["Abre", "Trocas", "Trocas", "Trocas"]
    assert pieces[0].text == "às 8h"


def test_a_comment_in_a_block_of_code_is_no_heading() -> None:
    assert cut("```\n# instala\npip install x\n```\nfim") == [("", "```\n# instala\npip install x\n```\nfim")]


def test_a_number_sign_without_a_space_is_no_heading() -> None:
    assert cut("#promoção de hoje") == [("", "#promoção de hoje")]


def test_a_line_too_long_for_a_heading_is_text() -> None:
    assert cut(f"# {PARAGRAPH}") == [("", f"# {PARAGRAPH}")]


def test_long_text_is_cut_at_paragraphs_into_400_to_800_characters() -> None:
    pieces = split("\n\n".join([PARAGRAPH] * 31))

    assert all(400 <= len(piece.text) <= LARGEST for piece in pieces[:-1])
    assert {part for piece in pieces for part in piece.text.split("\n\n")} == {PARAGRAPH}


def test_a_little_over_the_limit_leaves_no_scrap() -> None:
    sizes = [len(piece.text) for piece in split((SENTENCE * 17).strip())]

    assert len(sizes) == 2
    assert min(sizes) > 250


def test_one_long_paragraph_is_cut_at_sentences() -> None:
    pieces = split(SENTENCE * 200)

    assert all(piece.text.startswith("O coração") and piece.text.endswith("serviço.") for piece in pieces)


def test_rows_of_a_table_are_not_torn() -> None:
    rows = [f"Produto: Camiseta {number}; Preço: R$ {number},90" for number in range(500)]

    assert [row for piece in split("\n".join(rows)) for row in piece.text.split("\n")] == rows


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{'#' * (1 + n % 6)} título{n}\ncorpo{n} {'palavra ' * (n % 300)}" for n in range(400)),
        "\n".join(f"# título{n}" for n in range(400)),
        "\n".join(f"{'#' * (6 - n % 6)} título{n}" for n in range(400)),
        "\n\n".join(f"parágrafo{n} " + SENTENCE * (n % 25) for n in range(200)),
        "```\n# aberto e nunca fechado\n" + SENTENCE * 100,
    ],
    ids=["mixed", "headings only", "headings backwards", "paragraphs", "open fence"],
)
def test_no_word_is_lost(text: str) -> None:
    pieces = split(text)

    assert set(words_of(pieces)) == set(words(text))
    assert sum(piece.text.count("palavra") for piece in pieces) == text.count("palavra")


def test_text_below_headings_is_not_repeated() -> None:
    text = "\n\n".join(f"parágrafo{n} " + SENTENCE * (n % 25) for n in range(200))

    assert words_of(split(text)) == words(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 5_000_000,
        "uma linha curta\n" * 200_000,
        "# a\nb\n" * 200_000,
        "# " * 500_000,
        ". " * 500_000,
        "x" + " " * 3_000_000 + "y",
        "x" + " \n" * 1_000_000 + "y",
    ],
    ids=["no spaces", "lines", "headings", "number signs", "full stops", "spaces", "empty lines"],
)
@pytest.mark.timeout(60)
def test_absurd_text_ends_soon_in_bounded_pieces(text: str) -> None:
    pieces = split(text)

    assert all(0 < len(piece.text) <= LARGEST for piece in pieces)
    assert len(pieces) <= len(text) // 90 + 2
    assert sum(len(piece.text.replace(" ", "")) for piece in pieces) >= len(re.sub(r"\s|# ", "", text)) * 0.9


@pytest.mark.parametrize("text", ["", " \n\t\n "])
def test_nothing_gives_nothing(text: str) -> None:
    assert split(text) == []


def test_a_piece_keeps_its_digest_wherever_it_stands() -> None:
    before = split(f"# Prazos\n{PARAGRAPH}\n# Trocas\n{PARAGRAPH}")
    after = split(f"# Horário\n{PARAGRAPH}\n# Prazos\n{PARAGRAPH}\n# Trocas\n{PARAGRAPH} Sempre.")

    digests = {piece.digest for piece in before}
    assert [piece.digest in digests for piece in after] == [False, True, False]


def test_texts_that_repeat_are_told_apart() -> None:
    pieces = split("\n".join(f"# Loja\n{PARAGRAPH}" for _ in range(3)))

    assert len({piece.digest for piece in pieces}) == len(pieces) == 3

import pytest
from tokenizers import Tokenizer

from app.knowledge.embedding.tokenizer import build_tokenizer
from app.knowledge.embedding.weights import Vocabulary

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁olá", "▁mundo", "▁a", "b", "é", "▁fi", "]"]
VOCABULARY = Vocabulary(
    pieces=[(piece, -float(rank)) for rank, piece in enumerate(PIECES)],
    bos=0,
    eos=2,
    pad=1,
    unk=3,
    replacements={0x07: "", 0x0D: " ", 0x09: " ", 0x200B: " ", 0xFB01: "fi", 0x5B: "", 0x5C: ""},
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return build_tokenizer(VOCABULARY)


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    return list(tokenizer.encode(text).tokens)


def test_a_text_stands_between_the_special_pieces(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, "olá mundo") == ["<s>", "▁olá", "▁mundo", "</s>"]


def test_ids_are_the_places_in_the_vocabulary(tokenizer: Tokenizer) -> None:
    assert list(tokenizer.encode("mundo olá").ids) == [0, 6, 5, 2]


@pytest.mark.parametrize("text", ["  olá\t\tmundo\r", "olá\u200bmundo", "o\x07lá mundo", "olá\xa0mundo"])
def test_spaces_and_control_characters_are_normalised(tokenizer: Tokenizer, text: str) -> None:
    assert pieces(tokenizer, text) == ["<s>", "▁olá", "▁mundo", "</s>"]


def test_a_nul_does_not_end_the_text(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, "olá\0 mundo") == ["<s>", "▁olá", "▁mundo", "</s>"]


def test_decomposed_accents_and_ligatures_are_composed(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, "ola\u0301") == ["<s>", "▁olá", "</s>"]
    assert pieces(tokenizer, "\ufb01") == ["<s>", "▁fi", "</s>"]


def test_characters_special_to_regular_expressions_can_be_removed(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, "a[\\b]") == ["<s>", "▁a", "b", "]", "</s>"]


def test_an_unknown_character_is_unknown(tokenizer: Tokenizer) -> None:
    assert "<unk>" in "".join(PIECES[token] for token in tokenizer.encode("漢").ids)


def test_an_empty_text_has_only_the_special_pieces(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, "") == ["<s>", "</s>"]


def test_it_survives_being_written_and_read(tokenizer: Tokenizer) -> None:
    again = Tokenizer.from_str(tokenizer.to_str())
    assert pieces(again, "olá\u200b mundo") == ["<s>", "▁olá", "▁mundo", "</s>"]

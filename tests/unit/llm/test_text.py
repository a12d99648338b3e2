import pytest

from app.llm.text import clean_text, estimate_tokens, whole_sentences


def test_cleaning_removes_what_cannot_be_stored_or_sent() -> None:
    assert clean_text(" \ud800Olá\x00, tudo bem? 😀\udc00\n") == "Olá, tudo bem? 😀"


def test_an_estimate_grows_with_the_text() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens("a") == 1
    assert estimate_tokens("ação" * 100) > estimate_tokens("acao" * 100) > estimate_tokens("acao" * 99)


def test_an_estimate_is_near_what_tokenizers_make_of_portuguese() -> None:
    text = "Olá, bom dia! Gostaria de saber qual é o prazo de entrega para Santos e se aceitam devolução."

    assert 20 <= estimate_tokens(text) <= 35


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("São 5 dias. O frete é grá", "São 5 dias."),
        ("São 5 dias.", "São 5 dias."),
        ("Sim! Não? Tal", "Sim! Não?"),
        ("*Sim!* Mas (veja", "*Sim!*"),
        ("Veja (na página de entregas.) E", "Veja (na página de entregas.)"),
        ("Entrega até o dia 5. O frete", "Entrega até o dia 5."),
        ("Temos:\n1. Azul\n2. Ver", "Temos:\n1. Azul"),
        ("Temos:\n1. Azul\n2.", "Temos:\n1. Azul"),
        ("Temos:\n- Azul\n- ", "Temos:\n- Azul"),
        ("Oi! Fale com a Dra. An", "Oi!"),
        ("O prazo é curto. Custa R$ 1.", "O prazo é curto."),
        ("Custa R$ 1.299,00 à vista. Ou", "Custa R$ 1.299,00 à vista."),
        ("Veja loja.com.br/en. Ou", "Veja loja.com.br/en."),
    ],
)
def test_an_answer_ends_with_its_last_whole_sentence_or_line(text: str, kept: str) -> None:
    assert whole_sentences(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("O prazo de entrega para San", "O prazo de entrega para…"),
        ("O prazo, se hou", "O prazo, se…"),
        ("1. Azul e ver", "1. Azul e…"),
        ("Oi", "Oi…"),
        ("", ""),
    ],
)
def test_without_a_whole_sentence_the_last_word_goes(text: str, kept: str) -> None:
    assert whole_sentences(text) == kept

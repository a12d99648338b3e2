import pytest

from app.llm.cut import whole_sentences


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

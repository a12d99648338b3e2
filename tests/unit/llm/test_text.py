from app.llm.text import clean_text, estimate_tokens


def test_cleaning_removes_what_cannot_be_stored_or_sent() -> None:
    assert clean_text(" \ud800Olá\x00, tudo bem? 😀\udc00\n") == "Olá, tudo bem? 😀"


def test_an_estimate_grows_with_the_text() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens("a") == 1
    assert estimate_tokens("ação" * 100) > estimate_tokens("acao" * 100) > estimate_tokens("acao" * 99)


def test_an_estimate_is_near_what_tokenizers_make_of_portuguese() -> None:
    text = "Olá, bom dia! Gostaria de saber qual é o prazo de entrega para Santos e se aceitam devolução."

    assert 20 <= estimate_tokens(text) <= 35

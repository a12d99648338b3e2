"""What can be quoted is cut where the author stopped, and nowhere else."""

import pytest

from app.knowledge.quotable import Sentence, quotable_sentences


def texts(passage: str) -> list[str]:
    return [sentence.text for sentence in quotable_sentences(passage)]


@pytest.mark.parametrize(
    "sentence",
    [
        "O frete custa R$ 1.234,56 para o Norte.",
        "Conforme o Art. 49 do código, o prazo é de 7 dias.",
        "Conforme o art. 5º da Lei n. 8.078, vale a oferta.",
        "Fale com o Sr. Silva ou com a Dra. Ana, na Av. Brasil.",
        "O pedido de 10.05.2026 chegou às 18.30 em ponto.",
        "Veja https://loja.com.br/ajuda.html?x=1 e escreva a contato@loja.com.br.",
        "A J. R. Comércio e a S.A. Beta assinaram.",
        "Chegou… mas tarde.",
    ],
)
def test_what_only_looks_like_an_end_is_none(sentence: str) -> None:
    assert texts(f"{sentence} Depois disso vem outra.") == [sentence, "Depois disso vem outra."]


def test_sentences_end_at_marks_even_inside_quotes() -> None:
    assert texts("Ele disse “não.” Ela saiu! Acabou… Fim") == ["Ele disse “não.”", "Ela saiu!", "Acabou…", "Fim"]


def test_items_and_rows_stay_whole() -> None:
    lines = ["- PIX. Com desconto", "• Boleto. Sem desconto", "1. Abra o site. Entre", "| A. B | C. D |"]

    assert texts("\n".join(lines)) == lines


def test_a_number_is_no_item() -> None:
    assert texts("1.500 reais por mês. Sem taxa.") == ["1.500 reais por mês.", "Sem taxa."]


def test_headings_and_questions_are_context_and_not_quoted() -> None:
    found = quotable_sentences("Início.\n## Prazos\nQual o prazo? São 5 dias. Pode variar.\n## Outro\nFim.")

    assert found == [
        Sentence("Início."),
        Sentence("São 5 dias.", "Prazos", "Qual o prazo?"),
        Sentence("Pode variar.", "Prazos", "Qual o prazo?"),
        Sentence("Fim.", "Outro"),
    ]


def test_a_list_hangs_on_the_line_before_it() -> None:
    found = quotable_sentences("Aceitamos:\n\n- PIX\n- Boleto\n\nEntregamos em casa.")

    assert [sentence.lead for sentence in found] == ["", "Aceitamos:", "Aceitamos:", ""]


def test_lines_hang_on_their_title() -> None:
    found = quotable_sentences("Horário de atendimento\nSegunda a sexta: 8h às 18h\nSábado: 9h")

    assert [sentence.lead for sentence in found] == ["", "Horário de atendimento", "Horário de atendimento"]


def test_a_line_with_a_colon_hangs_on_a_title_but_not_on_another_such_line() -> None:
    found = quotable_sentences("Formas de pagamento\nNa loja:\n- PIX\nNo site:\n- Boleto")

    assert [sentence.lead for sentence in found] == ["", "Formas de pagamento", "Na loja:", "", "No site:"]


@pytest.mark.parametrize(("text", "whole"), [("É isso.", True), ("“É isso!”", True), ("Sábado: 9h", False)])
def test_a_whole_sentence_has_an_end(text: str, whole: bool) -> None:
    assert Sentence(text).is_whole is whole


@pytest.mark.parametrize("passage", ["", "\n \n", "## Só um título"])
def test_nothing_to_quote(passage: str) -> None:
    assert quotable_sentences(passage) == []


def test_no_word_is_lost() -> None:
    passage = 'A "B." C. D e. F. Sr. G! H? I: j\nk... L (M.) N.'

    assert " ".join(texts(passage)).replace("H? ", "").split() == passage.replace("H? ", "").split()

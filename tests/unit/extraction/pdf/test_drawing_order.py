"""Pages and tables that are drawn in another order than they are read."""

import pytest

from tests.fakes.pdf_files import Place, lines
from tests.unit.extraction.pdf.reading import read

TEXT = ["Trocas", "Em até 30 dias.", "Entrega", "Em até 5 dias.", "Horário", "Das 9h às 18h."]
LABELS = ["Cliente:", "Pedido:", "Total:"]
VALUES = ["Ana Souza", "48213", "R$ 129,90"]


def column(x: float, texts: list[str]) -> list[Place]:
    return [(x, 18 * number, text) for number, text in enumerate(texts)]


def test_a_page_may_be_drawn_bottom_up() -> None:
    assert read(lines(column(60, TEXT)[::-1])) == TEXT


def test_a_table_may_be_drawn_bottom_up() -> None:
    rows = [
        ["Produto", "Preço", "Cor"],
        ["Meia", "R$ 9", "azul"],
        ["Boné", "R$ 20", "preto"],
        ["Luva", "R$ 15", "bege"],
    ]
    places = [(60.0 + 120 * x, 18.0 * y, text) for y, row in enumerate(rows) for x, text in enumerate(row)]

    assert read(lines(sorted(places, key=lambda place: -place[1]))) == [
        f"Produto: {product}; Preço: {price}; Cor: {colour}" for product, price, colour in rows[1:]
    ]


@pytest.mark.parametrize("labels_first", [True, False])
def test_labels_and_values_may_be_drawn_apart(labels_first: bool) -> None:
    labels, values = column(60, LABELS), column(200, VALUES)

    assert read(lines([*labels, *values] if labels_first else [*values, *labels])) == [
        f"{label} {value}" for label, value in zip(LABELS, VALUES, strict=True)
    ]


def test_each_value_may_be_drawn_before_its_label() -> None:
    pairs = zip(column(60, LABELS), column(200, VALUES), strict=True)

    assert read(lines([place for label, value in pairs for place in (value, label)])) == [
        f"{label} {value}" for label, value in zip(LABELS, VALUES, strict=True)
    ]


def test_a_table_of_words_may_be_drawn_column_by_column_below_a_text_and_above_another() -> None:
    columns = [["Produto", "Meia", "Boné"], ["Cor", "azul", "preto"], ["Origem", "nacional", "importado"]]
    places = [place for x, texts in enumerate(columns) for place in column(60 + 120 * x, texts)]

    assert read(lines([(60, -40, "Tabela de maio"), *places, (60, 90, "Fim.")])) == [
        "Tabela de maio",
        "Produto: Meia; Cor: azul; Origem: nacional",
        "Produto: Boné; Cor: preto; Origem: importado",
        "Fim.",
    ]


def test_addresses_side_by_side_stay_apart() -> None:
    sender = ["Loja do João", "Rua das Flores, 10", "Santos, SP"]
    receiver = ["Maria da Silva", "Avenida Central, 200", "Campinas, SP"]

    assert read(lines([*column(60, sender), *column(320, receiver)])) == [*sender, *receiver]


def test_three_narrow_columns_of_text_stay_apart() -> None:
    words = [f"termo{number:02}" for number in range(96)]
    texts = [" ".join(words[start : start + 4])[:25].strip() for start in range(0, 96, 4)]
    columns = [column(50 + 180 * number, texts[8 * number : 8 * number + 8]) for number in range(3)]

    text = " ".join(read(lines([place for places in columns for place in places])))

    assert text.split() == " ".join(texts).split()

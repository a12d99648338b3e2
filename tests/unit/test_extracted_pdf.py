"""What stands on the pages of a PDF becomes headings, paragraphs, list items and rows that keep their names."""

import pytest

from app.extraction.pdf.reader import read_pdf
from app.extraction.pdf.scanned_pages import OcrEngine
from tests.fakes import files, pdf_files
from tests.fakes.pdf_files import lines, paragraph, sheets, space, story, table

PRICES = [["Produto", "Preço", "Cor"], ["Camiseta São João", "R$ 50", "azul"], ["Calção", "R$ 79,90", "verde"]]
NAMED = ["Produto: Camiseta São João; Preço: R$ 50; Cor: azul", "Produto: Calção; Preço: R$ 79,90; Cor: verde"]
LONG = "O prazo de devolução para produtos com defeito é de trinta dias corridos, contados da entrega. "


def read(data: bytes) -> list[str]:
    def recogniser(pictures: int) -> OcrEngine:
        raise AssertionError("there is text")

    return read_pdf(data, recogniser).text.splitlines()


@pytest.mark.parametrize("ruled", [True, False])
def test_rows_of_a_table_keep_the_names_of_its_columns(ruled: bool) -> None:
    assert read(story(paragraph("Preços", "Heading1"), table(PRICES, ruled=ruled), paragraph(LONG)))[:3] == [
        "# Preços",
        *NAMED,
    ]


@pytest.mark.parametrize(
    "style",
    [
        [("LINEBELOW", (0, 1), (-1, -1), 0.5, "#999999")],
        [("BACKGROUND", (0, row), (-1, row), "#dddddd") for row in (2, 4)],
    ],
)
def test_rows_below_names_that_no_line_parts_from_them(style: list[tuple[object, ...]]) -> None:
    rows = [*PRICES, ["Meia", "R$ 9", "preta"], ["Cinto", "R$ 40", "preto"]]

    assert read(story(table(rows, style=style))) == [
        *NAMED,
        "Produto: Meia; Preço: R$ 9; Cor: preta",
        "Produto: Cinto; Preço: R$ 40; Cor: preto",
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_cells_may_be_empty(ruled: bool) -> None:
    rows = [PRICES[0], ["Boné", "", "preto"], ["Meia", "R$ 9", ""], ["", "R$ 7", "branca"], ["Luva", "", ""]]

    assert read(story(table([*rows, ["Cinto", "R$ 40", "preto"]], ruled=ruled))) == [
        "Produto: Boné; Cor: preto",
        "Produto: Meia; Preço: R$ 9",
        "Preço: R$ 7; Cor: branca",
        "Luva",
        "Produto: Cinto; Preço: R$ 40; Cor: preto",
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_cells_may_wrap_over_several_lines(ruled: bool) -> None:
    rows = [
        ["Produto", "Descrição", "Preço"],
        [paragraph("Camiseta de algodão penteado"), paragraph("Boa para o verão e também para o inverno"), "R$ 50"],
        ["Calça", paragraph("Jeans azul escuro de corte bem reto"), "R$ 80"],
    ]

    assert read(story(table(rows, ruled=ruled, widths=[80, 120, 60]))) == [
        "Produto: Camiseta de algodão penteado; Descrição: Boa para o verão e também para o inverno; Preço: R$ 50",
        "Produto: Calça; Descrição: Jeans azul escuro de corte bem reto; Preço: R$ 80",
    ]


def test_wrapped_cells_may_be_drawn_line_by_line() -> None:
    places = [(60, 0, "Produto"), (250, 0, "Descrição"), (450, 0, "Preço")]
    for row in range(3):
        top = 30 + 40 * row
        places += [(60, top, f"Camisa {row}"), (250, top, "Algodão fino,"), (450, top, f"R$ {row}0")]
        places += [(250, top + 12, "lavável")]

    assert read(lines(places)) == [
        f"Produto: Camisa {row}; Descrição: Algodão fino, lavável; Preço: R$ {row}0" for row in range(3)
    ]


def test_a_table_may_be_drawn_column_by_column() -> None:
    columns = [["Produto", "Meia", "Boné", "Luva"], ["Preço", "R$ 9", "R$ 20", "R$ 15"]]
    places = [(60 + 200 * x, 14 * y, text) for x, column in enumerate(columns) for y, text in enumerate(column)]

    assert read(lines(places)) == [
        "Produto: Meia; Preço: R$ 9",
        "Produto: Boné; Preço: R$ 20",
        "Produto: Luva; Preço: R$ 15",
    ]


@pytest.mark.parametrize("repeat", [0, 1])
def test_a_table_goes_on_over_the_pages(repeat: int) -> None:
    rows = [PRICES[0], *([f"Produto {n}", f"R$ {n},00", "azul"] for n in range(120))]

    text = read(story(table(rows, repeat=repeat), page="Loja do João, telefone 0800 123 4567, página {}"))

    assert [line for line in text if line.startswith("Produto")] == [
        f"Produto: Produto {n}; Preço: R$ {n},00; Cor: azul" for n in range(120)
    ]
    assert sum("0800 123 4567" in line for line in text) == 1


@pytest.mark.parametrize("ruled", [True, False])
def test_names_may_stand_at_the_left_and_numbers_at_the_right(ruled: bool) -> None:
    rows = [["Produto", "Unidade", "Preço", "Estoque"], *(["Lâmpada", "un", f"R$ {n}", f"{n}"] for n in range(5))]
    rows.append(["Luminária dourada", "un", "", "7"])

    assert read(sheets(rows, widths=[150, 60, 98, 70], ruled=ruled)) == [
        *(f"Produto: Lâmpada; Unidade: un; Preço: R$ {n}; Estoque: {n}" for n in range(5)),
        "Produto: Luminária dourada; Unidade: un; Estoque: 7",
    ]


def test_values_of_two_columns_may_stand_close_together() -> None:
    rows = [
        ["Cidade", "Frete", "Bairro", "Cor"],
        ["Santos", "R$ 10", "Gonzaga", "azul"],
        ["Peruíbe", "R$ 2", "Itatins"],
    ]

    assert read(sheets(rows, widths=[140, 120, 80, 60])) == [
        "Cidade: Santos; Frete: R$ 10; Bairro: Gonzaga; Cor: azul",
        "Cidade: Peruíbe; Frete: R$ 2; Bairro: Itatins",
    ]


def test_values_that_may_be_of_either_column_get_no_name() -> None:
    rows = [["Produto", "Preço", "Desconto"], *(["Lâmpada", f"R$ {n}", ""] for n in range(5))]

    assert read(sheets(rows, widths=[150, 98, 70])) == [f"Produto: Lâmpada; R$ {n}" for n in range(5)]


def test_two_columns_of_numbers_have_names() -> None:
    rows = [["Preço", "Estoque"], *([f"R$ {n}0.00", f"{n}"] for n in range(3))]

    assert read(sheets(rows, widths=[98, 70])) == [f"Preço: R$ {n}0.00; Estoque: {n}" for n in range(3)]


def test_names_may_be_grouped_and_cells_of_the_same_table_wrap() -> None:
    rows = [
        ["Plano", "Preço", "", "Fidelidade"],
        ["", "Mensal", "Anual", ""],
        ["Básico", "R$ 89,90", "R$ 899,00", "nenhuma"],
        ["Premium", "R$ 149,90", "R$ 1.499,00", "12 meses, com renovação\nautomática após o vencimento"],
    ]
    merged = [((0, 0), (0, 1)), ((1, 0), (2, 0)), ((3, 0), (3, 1))]

    assert read(story(table(rows, ruled=True, merged=merged))) == [
        "Plano: Básico; Preço Mensal: R$ 89,90; Preço Anual: R$ 899,00; Fidelidade: nenhuma",
        "Plano: Premium; Preço Mensal: R$ 149,90; Preço Anual: R$ 1.499,00; "
        "Fidelidade: 12 meses, com renovação automática após o vencimento",
    ]


def test_cells_that_reach_down_are_said_in_each_row_and_titles_by_themselves() -> None:
    rows = [
        ["Categoria", "Serviço", "Preço"],
        ["Cabelo", "Corte", "R$ 80"],
        ["", "Escova", "R$ 250"],
        ["Promoções da semana", "", ""],
        ["Unhas", "Manicure", "R$ 35"],
    ]

    assert read(story(table(rows, ruled=True, merged=[((0, 1), (0, 2)), ((0, 3), (2, 3))]))) == [
        "Categoria: Cabelo; Serviço: Corte; Preço: R$ 80",
        "Categoria: Cabelo; Serviço: Escova; Preço: R$ 250",
        "Promoções da semana",
        "Categoria: Unhas; Serviço: Manicure; Preço: R$ 35",
    ]


def test_cells_that_reach_down_without_lines_join_no_rows() -> None:
    rows = [
        ["Grupo", "Peça", "Preço"],
        ["", "Pastilha", "R$ 129"],
        ["", "Disco", "R$ 349"],
        ["", "Fluido", "R$ 39"],
    ]
    rows += [["", "Correia", "R$ 289"], ["", "Vela", "R$ 25"]]
    places = [(60 + 100 * x, 15 * y, text) for y, row in enumerate(rows) for x, text in enumerate(row) if text]
    # Spreadsheets draw a merged cell before what stands beside it, here at the bottom.
    places.insert(3, (60, 45, "Freios"))
    places.insert(10, (60, 75, "Motor"))

    assert read(lines(places)) == [
        "Peça: Pastilha; Preço: R$ 129",
        "Peça: Disco; Preço: R$ 349",
        "Grupo: Freios; Peça: Fluido; Preço: R$ 39",
        "Grupo: Motor; Peça: Correia; Preço: R$ 289",
        "Peça: Vela; Preço: R$ 25",
    ]


def test_rows_may_have_lines_below_the_names_only() -> None:
    two = [["Produto", "Preço", "Cor"], ["Meia\nBoné", "R$ 9\nR$ 20", "azul\npreto"]]
    three = [["Item", "Vale"], ["um par\ndois\ntrês", "uma hora\num dia\num mês"]]

    assert read(story(table(two, ruled=True))) == [
        "Produto: Meia; Preço: R$ 9; Cor: azul",
        "Produto: Boné; Preço: R$ 20; Cor: preto",
    ]
    assert read(story(table(three, ruled=True)))[1:] == ["um par: uma hora", "dois: um dia", "três: um mês"]


def test_a_table_on_the_next_page_may_be_another_one() -> None:
    cities = [["Cidade", "Bairro", "Frete"], ["Santos", "Gonzaga", "R$ 10"], ["Guarujá", "Enseada", "R$ 20"]]
    facts = [["Telefone", "(13) 3222-1111"], ["Horário", "9h às 18h"]]

    assert read(sheets(cities, facts, widths=[140, 120, 80])) == [
        "Cidade: Santos; Bairro: Gonzaga; Frete: R$ 10",
        "Cidade: Guarujá; Bairro: Enseada; Frete: R$ 20",
        "Telefone: (13) 3222-1111",
        "Horário: 9h às 18h",
    ]


def test_a_row_may_go_on_in_the_next_page() -> None:
    names = ["Serviço", "Dias", "Valor"]
    top = [names, ["Serviço especial", "2", "R$ 20"], ["Serviço especial", "3", "R$ 30"]]
    below = [names, ["número 3", "", ""], ["Serviço comum", "4", "R$ 40"]]

    assert read(sheets(top, below, widths=[140, 60, 80], ruled=True)) == [
        "Serviço: Serviço especial; Dias: 2; Valor: R$ 20",
        "Serviço: Serviço especial número 3; Dias: 3; Valor: R$ 30",
        "Serviço: Serviço comum; Dias: 4; Valor: R$ 40",
    ]


def test_heads_and_feet_are_read_once_and_numbers_of_pages_never() -> None:
    pages = [
        [
            (60, 0, "Distribuidora Silva Ltda"),
            (400, 0, f"Página {number} de 3"),
            (60, 60, f"Capítulo {'ABC'[number - 1]}"),
            (60, 80, "Garantia: um ano"),
            (60, 726, "Telefone (13) 3222-1111"),
            (300, 740, f"- {number} -"),
        ]
        for number in (1, 2, 3)
    ]

    assert read(lines(*pages)) == [
        "Distribuidora Silva Ltda",
        *("Capítulo A", "Garantia: um ano", "Telefone (13) 3222-1111"),
        *("Capítulo B", "Garantia: um ano", "Capítulo C", "Garantia: um ano"),
    ]


@pytest.mark.parametrize("texts", [["Pedido 1", "Pedido 2"], ["R$ 50", "R$ 51"], ["2 kg", "3 kg"]])
def test_what_stands_at_the_foot_of_one_page_only_stays(texts: list[str]) -> None:
    pages = [[(60, 0, f"Folheto {'AB'[number]}"), (60, 700, text)] for number, text in enumerate(texts)]

    assert read(lines(*pages)) == ["Folheto A", texts[0], "Folheto B", texts[1]]


def test_two_columns_are_named_where_the_second_has_prices() -> None:
    prices = story(table([["Produto", "Preço"], ["Meia", "R$ 9"], ["Boné", "R$ 20"]]))
    facts = story(table([["Telefone", "(13) 98859-3464"], ["Horário", "das 8 às 18 horas"]]))

    assert read(prices) == ["Produto: Meia; Preço: R$ 9", "Produto: Boné; Preço: R$ 20"]
    assert read(facts) == ["Telefone: (13) 98859-3464", "Horário: das 8 às 18 horas"]


def test_tables_one_below_the_other_keep_their_own_names() -> None:
    other = [["Cidade", "Prazo", "Frete"], ["Santos", "3 dias", "R$ 10"], ["São Paulo", "5 dias", "R$ 12"]]

    assert read(story(table(PRICES), space(), table(other), space(), table(PRICES, ruled=True))) == [
        *NAMED,
        "Cidade: Santos; Prazo: 3 dias; Frete: R$ 10",
        "Cidade: São Paulo; Prazo: 5 dias; Frete: R$ 12",
        *NAMED,
    ]


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    assert read(pdf_files.on_its_side(story(table(PRICES)))) == NAMED


@pytest.mark.parametrize("order", ["column by column", "line by line"])
def test_columns_of_text_are_read_one_after_the_other(order: str) -> None:
    words = [f"palavra{n:02}" for n in range(120)]
    texts = [" ".join(words[start : start + 4]) for start in range(0, 120, 4)]
    left = [(50, 14 * n, text) for n, text in enumerate(texts[:15])]
    right = [(310, 14 * n, text) for n, text in enumerate(texts[15:])]
    mixed = [place for pair in zip(left, right, strict=True) for place in pair]

    text = read(lines([*left, *right] if order == "column by column" else mixed))

    assert " ".join(text).split() == words


def test_lines_of_running_text_become_paragraphs() -> None:
    assert read(story(paragraph(LONG * 3), paragraph("Outro parágrafo."))) == [
        (LONG * 3).strip(),
        "Outro parágrafo.",
    ]


def test_items_of_lists_and_short_lines_stay_apart() -> None:
    items = ["• item um", "• item dois", "1. passo", "2. passo", "Rua das Flores, 10", "Santos, SP"]

    assert read(lines([(60, 14 * n, item) for n, item in enumerate(items)])) == items


@pytest.mark.parametrize("mark", ["•", "o)", "1."])
def test_marks_of_lists_may_be_drawn_by_themselves(mark: str) -> None:
    texts = ["RG e CPF", "Comprovante de residência", "Atestado médico"]
    places = [place for n, text in enumerate(texts) for place in ((60, 14 * n, mark), (78, 14 * n, text))]

    assert read(lines([(60, -30, "Documentos"), *places])) == ["Documentos", *(f"{mark} {text}" for text in texts)]


def test_headings_are_told_by_size_and_by_bold_type() -> None:
    text = story(
        paragraph("Manual da loja", "Title"),
        paragraph("Trocas", "Heading1"),
        paragraph(LONG),
        paragraph("<b>Prazo maior</b>"),
        paragraph(LONG),
        paragraph("<b>Atenção:</b> guarde a nota fiscal."),
    )

    assert [line for line in read(text) if LONG.strip() not in line] == [
        "# Manual da loja",
        "# Trocas",
        "## Prazo maior",
        "Atenção: guarde a nota fiscal.",
    ]


def test_a_heading_may_take_two_lines() -> None:
    title = "Política de trocas e devoluções de produtos comprados na loja e pela internet"

    assert read(story(paragraph(title, "Heading1"), paragraph(LONG)))[0] == f"# {title}"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("a informa-<br/>ção certa", "a informação certa"),
        ("um guarda-<br/>chuva preto", "um guarda-chuva preto"),
        ("vendê-<br/>lo hoje", "vendê-lo hoje"),
        ("o bem-estar, ou bem-<br/>estar", "o bem-estar, ou bem-estar"),
        ("segunda-<br/>feira", "segunda-feira"),
        ("de 10-<br/>20 dias", "de 10-20 dias"),
    ],
)
def test_words_are_joined_over_the_end_of_a_line(broken: str, whole: str) -> None:
    assert read(story(paragraph(broken))) == [whole]


def test_a_paragraph_goes_on_in_the_next_page() -> None:
    top = [(60, 14 * n, "uma linha comprida de texto que enche a largura da página inteira,") for n in range(3)]
    below = [(60, 0, "e que continua na seguinte até o fim.")]

    assert len(read(lines(top, below))) == 1


def test_a_last_cell_may_begin_above_the_others_of_its_row() -> None:
    middle = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    note = "R$ 90\nabatida se o\nserviço for\ncontratado"
    rows = [["Serviço", "Duração", "Valor"], ["Limpeza", "2 h", "R$ 180"], ["Visita", "1 h", note]]

    assert read(story(table(rows, style=middle))) == [
        "Serviço: Limpeza; Duração: 2 h; Valor: R$ 180",
        "Serviço: Visita; Duração: 1 h; Valor: R$ 90 abatida se o serviço for contratado",
    ]


def test_texts_on_the_backgrounds_of_slides_are_no_stamps() -> None:
    background = pdf_files.scan(files.pdf(""))
    slides = [pdf_files.stamped(background, f"Produto {number}: R$ {number},90") for number in range(1, 4)]

    assert read(pdf_files.merged(*slides)) == [f"Produto {number}: R$ {number},90" for number in range(1, 4)]


def test_pages_without_anything_give_nothing() -> None:
    assert read(files.pdf("")) == []
    assert pdf_files.scan(files.pdf("texto")).startswith(b"%PDF")

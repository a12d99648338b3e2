"""Cells drawn before or after the other cells of their row are put into it."""

from tests.fakes.pdf_files import lines, story, table
from tests.unit.extraction.pdf.reading import read


def test_cells_that_reach_down_without_lines_join_no_rows() -> None:
    rows = [
        ["Grupo", "Peça", "Preço"],
        ["", "Pastilha", "R$ 129"],
        ["", "Disco", "R$ 349"],
        ["", "Fluido", "R$ 39"],
    ]
    rows += [["", "Correia", "R$ 289"], ["", "Vela", "R$ 25"]]
    places = [(60 + 100 * x, 15 * y, text) for y, row in enumerate(rows) for x, text in enumerate(row) if text]
    # Spreadsheets draw a merged cell before what is beside it, here at the bottom.
    places.insert(3, (60, 45, "Freios"))
    places.insert(10, (60, 75, "Motor"))

    assert read(lines(places)) == [
        "Peça: Pastilha; Preço: R$ 129",
        "Peça: Disco; Preço: R$ 349",
        "Grupo: Freios; Peça: Fluido; Preço: R$ 39",
        "Grupo: Motor; Peça: Correia; Preço: R$ 289",
        "Peça: Vela; Preço: R$ 25",
    ]


def test_a_last_cell_may_begin_above_the_others_of_its_row() -> None:
    middle = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    note = "R$ 90\nabatida se o\nserviço for\ncontratado"
    rows = [["Serviço", "Duração", "Valor"], ["Limpeza", "2 h", "R$ 180"], ["Visita", "1 h", note]]

    assert read(story(table(rows, style=middle))) == [
        "Serviço: Limpeza; Duração: 2 h; Valor: R$ 180",
        "Serviço: Visita; Duração: 1 h; Valor: R$ 90 abatida se o serviço for contratado",
    ]

"""The measure of tables in PDFs counts what one line binds, and draws each kind in each layout."""

import pytest

from bench.pdf_tables.layouts import LAYOUTS
from bench.pdf_tables.run import run
from bench.pdf_tables.samples import KINDS, HeaderCell, Sample, SampleTable
from bench.pdf_tables.score import score

HEADER = [[HeaderCell(""), HeaderCell("Prazo", 2)], [HeaderCell("Cidade"), HeaderCell("2022"), HeaderCell("2023")]]
SAMPLE = Sample("", [SampleTable([], HEADER, False, [["Santos", "3", "4"], ["Natal", "8", ""]])])


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        (["Cidade: Santos; Prazo 2022: 3; Prazo 2023: 4", "Cidade: Natal; Prazo 2022: 8"], 1),
        (["Cidade: Santos; Prazo 2022: 3; 2023: 4", "Cidade: Natal; Prazo 2022: 8"], 2 / 3),
        (["Cidade: Santos; Prazo 2022: 4; Prazo 2023: 3", "Prazo 2022: 8"], 0),
        (["Cidade Prazo 2022 2023 Santos 3 4"], 1 / 3),
    ],
)
def test_a_line_binds_a_value_to_all_its_names(lines: list[str], share: float) -> None:
    assert score(SAMPLE, lines) == pytest.approx(share)


def test_each_kind_is_drawn_in_each_layout() -> None:
    section = run(seeds=1)

    assert section.title == f"Tables of PDFs ({len(KINDS) * len(LAYOUTS)} pages)"
    assert section.figures["all"] > 95

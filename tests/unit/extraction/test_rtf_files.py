"""RTF as word processors write it: styles are headings, and merged cells move no value."""

import pytest

from app.domain.file_text import FileText
from app.extraction.office import read_office
from app.extraction.problems import ProblemError
from app.extraction.rtf import prepared

STYLES = (
    r"{\stylesheet{\s0\f0 Normal;}{\s1\sbasedon0\b heading 1;}{\s2\sbasedon0\outlinelevel1 T\'edtulo 2;}"
    r"{\s3 Subtitle;}{\*\cs4 Heading 1 Char;}}"
)


def rtf(body: str) -> bytes:
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Arial;}}}}{STYLES}\n{body}}}".encode("cp1252")


def lines(body: str) -> list[str]:
    return [
        line for line in read_office(rtf(body), ".rtf", lambda *_: FileText("")).text.split("\n") if line.strip()
    ]


def row(*cells: str) -> str:
    """A cell is its right edge, its marks, its text."""
    shapes = "".join(f"{marks}\\cellx{edge}" for edge, marks, _ in (cell.split("|") for cell in cells))
    texts = "".join(f"\\pard\\intbl{{\\f0 {cell.split('|')[2]}}}\\cell" for cell in cells)
    return f"\\trowd{shapes}{texts}\\row\n"


def test_paragraphs_in_styles_of_headings_are_headings() -> None:
    body = (
        r"\pard\s1\b{\b Prazos}\par\pard\s0\b0 Texto\par\pard\s2{\f0 Frete \'e0 vista}\par\pard\s3 Nada\par"
        r"\pard\s1\par\pard\outlinelevel2 Troca\par\pard\outlinelevel9 Corpo\par"
    )

    assert lines(body) == ["# Prazos", "Texto", "## Frete à vista", "Nada", "### Troca", "Corpo"]


def test_headers_and_footers_stand_last_and_once() -> None:
    body = r"{\header\pard Loja\par}{\headerf\pard Loja\par}{\footer\pard Rua 1\par}\pard Texto\par\pard Mais\par"

    assert lines(body) == ["Texto", "Mais", "Loja", "Rua 1"]


def test_cells_that_are_merged() -> None:
    table = (
        row("1000|\\clvmgf|Plano", "3000||Pre\\'e7o", "4000|\\clvmgf|Prazo")
        + row("1000|\\clvmrg|", "2000||Mensal", "3005||Anual", "4000|\\clvmrg|")
        + row("1000||Ouro", "2000||R$ 9", "3000||R$ 90", "4000|\\clvmgf|1 \\u234\\'eas")
        + row("1000||Prata", "2000||R$ 5", "3000||R$ 50", "4000|\\clvmrg|")
    )

    assert lines(f"{table}\\pard Fim\\par") == [
        "Plano: Ouro; Preço Mensal: R$ 9; Preço Anual: R$ 90; Prazo: 1 ês",
        "Plano: Prata; Preço Mensal: R$ 5; Preço Anual: R$ 50; Prazo: 1 ês",
        "Fim",
    ]


@pytest.mark.parametrize("body", [r"{\pict\bin3 }}}}\par a\{b\}\par", "{" * 5000 + "a" + "}" * 5000, r"}} a"])
def test_braces_that_are_none_and_many_do_no_harm(body: str) -> None:
    assert b"a" in prepared(rtf(body))


def test_a_document_that_grows_without_end_is_refused() -> None:
    table = row("1000|\\clvmgf|" + "x" * 900, "2000||a") + row("1000|\\clvmrg|", "2000||b") * 25_000

    with pytest.raises(ProblemError):
        prepared(rtf(table))

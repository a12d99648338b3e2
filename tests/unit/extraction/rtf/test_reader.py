"""RTF as word processors write it: every character, styles that are headings, merged cells, broken ends."""

import pytest

from app.extraction.problems import ProblemError
from app.extraction.rtf.reader import read_rtf

STYLES = (
    r"{\stylesheet{\s0\f0 Normal;}{\s1\sbasedon0\b heading 1;}{\s2\sbasedon0\outlinelevel1 T\'edtulo 2;}"
    r"{\s3 Subtitle;}{\*\cs4 Heading 1 Char;}}"
)


def rtf(body: str) -> bytes:
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Arial;}}}}{STYLES}\n{body}}}".encode("cp1252")


def lines(body: str) -> list[str]:
    return [line for line in read_rtf(rtf(body)).text.split("\n") if line.strip()]


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


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"Festa \u-10179?\u-8694? no s\'e1bado", "Festa 😊 no sábado"),
        (r"\uc0\u-10179\u-8694 \uc1 e \u8364?5", "😊e €5"),
        (r"\uc2\u231\'3f\'3fa\u227 ??o", "çaão"),
        (r"\u127881? alto", "🎉 alto"),
        (r"\'e7 \emdash \ldblquote a\rdblquote  \{b\} c\\d\~e\_f\-g", "ç —“a” {b} c\\d e-fg"),
        (r"{\b Promo}{\i\'e7\'e3o} R$ {\b 399},90", "Promoção R$ 399,90"),
        (r"R$ 399{\super 90} 10{\super o} H{\sub 2}O m\super 2\nosupersub  fim", "R$ 399,90 10º H2O m² fim"),
        (r"visto{\v  segredo} e{\deleted  apagado} claro", "visto e claro"),
        (r"Frete{\footnote\pard Exceto ilhas} gr\'e1tis", "Frete (Exceto ilhas) grátis"),
        (r'Veja o {\field{\*\fldinst{HYPERLINK "https://l.example/x"}}{\fldrslt{\ul site}}} novo',
         "Veja o [site](https://l.example/x) novo"),
        (r'{\field{\*\fldinst PAGE }{\fldrslt 3}} p\'e1ginas', "3 páginas"),
        (r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard na caixa\par}}{\shprslt antigo}}texto",
         "na caixa\n\ntexto"),
        ("um\\\ndois", "um\n\ndois"),
        (r"a\line b\tab c", "a\nb c"),
        (r"{\*\xyz nada}{\pict\bin3 }}}}x{\info{\title t}}y", "xy"),
    ],
    ids=["emoji", "without replacements", "two replacements", "a large number", "signs", "type", "raised", "hidden",
         "notes", "links", "fields", "boxes", "line ends", "breaks", "what is no text"],
)  # fmt: skip
def test_characters(body: str, text: str) -> None:
    assert read_rtf(rtf(body)) == (text, None)


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (r"\ansi\ansicpg1251", r"\'d6\'e5\'ed\'e0", "Цена"),
        (r"\ansi\ansicpg12", r"a\'e7", "aç"),
        (r"\mac", r"a\'8d\'8bo", "ação"),
        (r"\pc", r"a\'87", "aç"),
        (r"\ansi{\fonttbl{\f0 A;}{\f7\fcharset128 B;}}", r"a {\f7 \'94\'7a\'91\'97} \'e7", "a 配送 ç"),
        (r"\ansi", "açã".encode("cp1252").decode("latin-1"), "açã"),
    ],
)
def test_encodings(head: str, body: str, text: str) -> None:
    assert read_rtf(f"{{\\rtf1{head} {body}}}".encode("latin-1")).text == text


def test_lists_keep_their_marks() -> None:
    body = (
        r"{\listtext 1.\tab}um\par{\listtext 2.\tab}dois\par\pard\ilvl1{\listtext\f3 \'b7\tab}dentro\par"
        r"\pard{\pntext o\tab}ponto\par fim"
    )

    assert read_rtf(rtf(body)).text == "1. um\n2. dois\n  - dentro\n- ponto\n\nfim"


@pytest.mark.parametrize(
    ("data", "text", "warning"),
    [
        (rtf("fim") + b"\0\0\r\n \x1a"[:4], "fim", None),
        (rtf("fim") + b"lixo} {\\b x}", "fim", "Bytes behind the end of the document that were not read: 12."),
        (rtf("fim")[:-1], "fim", "The document is cut off: only what comes before is read."),
        (rtf(r"um\par {\b dois")[:-1], "um\n\ndois", "The document is cut off: only what comes before is read."),
    ],
    ids=["padding", "something else", "without its last brace", "in a group"],
)
def test_what_is_wrong_at_the_end_is_told(data: bytes, text: str, warning: str | None) -> None:
    assert read_rtf(data) == (text, warning)


@pytest.mark.parametrize("data", [b"", b"texto", b"{\\html x}", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_rtf_is_a_problem(data: bytes) -> None:
    with pytest.raises(ProblemError):
        read_rtf(data)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body", ["{" * 200_000 + "a", "}" * 9 + "a", "\\u1?" * 100_000 + "a", "\\cell\\row" * 50_000 + "a"]
)
def test_braces_and_words_without_end_do_no_harm(body: str) -> None:
    assert read_rtf(rtf(body)) is not None

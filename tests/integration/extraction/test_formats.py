"""What each kind of file keeps of its structure."""

from pathlib import Path

import pytest

from app.extraction.extractor import Extractor
from tests.fakes import files, pdf_files
from tests.integration.extraction.conftest import Read

TEXT = "Prazos de entrega\nA entrega em São Paulo leva três dias úteis; custa € 5."
PRICES: files.Rows = [["Produto", "Preço", "Cor"], ["Camiseta", "R$ 50", "azul"], ["Meia", "R$ 9", "preta"]]
NAMED = "Produto: Camiseta; Preço: R$ 50; Cor: azul\nProduto: Meia; Preço: R$ 9; Cor: preta"


def test_rtf(read: Read) -> None:
    text = read("a.rtf", files.rtf(TEXT, PRICES))

    assert "A entrega em São Paulo leva três dias úteis; custa € 5." in text
    assert NAMED in text


def test_mail_tells_who_wrote_and_what_is_attached(read: Read) -> None:
    attachments = {
        "preços.xlsx": files.xlsx(Verão=PRICES),
        "foto.png": b"\x89PNG",
        "programa.exe": b"MZ",
        "ruim.docx": b"x",
    }

    text = read("a.eml", files.eml(TEXT, subject="Preços de verão", attachments=attachments))

    assert text.startswith(
        "Assunto: Preços de verão\nDe: João <joao@loja.example>\nPara: ana@loja.example\nData: 01/01/2024 10:00\n"
    )
    assert text.count("A entrega em São Paulo") == 1
    assert f"## Anexo: preços.xlsx\n#### Verão\n\n{NAMED}" in text
    assert text.endswith("## Anexo: foto.png\n## Anexo: programa.exe\n## Anexo: ruim.docx")


def test_attachments_that_are_pictures_are_told(tmp_path: Path) -> None:
    scan = pdf_files.scan(files.pdf("Capa"))
    attachments = {
        "foto.JPG": b"\xff\xd8\xff",
        "scan.pdf": scan,
        "misto.pdf": pdf_files.merged(scan, files.pdf("Texto um.")),
        "a.txt": b"ok",
    }
    path = tmp_path / "a.eml"
    path.write_bytes(files.eml(TEXT, attachments=attachments))

    text, warning = Extractor(tmp_path / "scratch").extract(path, "a.eml")

    assert "Texto um." in text
    assert "## Anexo: foto.JPG\n## Anexo: scan.pdf" in text
    assert warning == "Attachments that were not read: foto.JPG, scan.pdf, misto.pdf. Upload them by themselves."


def test_mail_that_is_only_html_in_an_old_encoding(read: Read) -> None:
    head = b"Subject: =?iso-8859-1?Q?Pre=E7os?=\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"

    text = read("a.eml", head + "<h1>Devolução</h1><p>Até 30 dias.</p>".encode("cp1252"))

    assert text == "Assunto: Preços\n\n# Devolução\n\nAté 30 dias."


def test_sheets_with_titles_groups_of_columns_and_several_tables(read: Read) -> None:
    rows: files.Rows = [
        ["Tabela de preços"],
        ["Produto", "Preços", None],
        [None, "Varejo", "Atacado"],
        ["Meia", 5, 4],
        [],
        ["Boné", 20, 18],
        [],
        ["Cidade", "Prazo", "Frete"],
        ["Santos", "3 dias", 10],
    ]
    expected = (
        "## Verão\n\nTabela de preços\nProduto: Meia; Preços Varejo: 5; Preços Atacado: 4\n"
        "Produto: Boné; Preços Varejo: 20; Preços Atacado: 18\nCidade: Santos; Prazo: 3 dias; Frete: 10"
    )

    assert read("a.xlsx", files.xlsx(Verão=rows)) == expected
    assert NAMED in read("a.ods", files.ods(Verão=PRICES))


def test_web_pages_keep_headings_lists_and_tables(read: Read) -> None:
    page = (
        "<h1>Loja</h1><h2>Prazos</h2><ul><li>Santos</li><li>São Paulo</li></ul>"
        "<table><tr><th>Produto</th><th>Preço</th></tr><tr><td>Meia</td><td>R$ 9</td></tr></table>"
    )

    assert read("a.html", page.encode()) == (
        "# Loja\n\n## Prazos\n\n- Santos\n- São Paulo\n\nProduto: Meia; Preço: R$ 9"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "cp1252", "utf-8-sig"])
def test_long_texts_are_read_in_a_worker_and_come_out_the_same(read: Read, encoding: str) -> None:
    text = "\n".join(f"Linha {number} com açaí e devolução." for number in range(40_000))

    assert read("a.txt", text.encode(encoding)) == text

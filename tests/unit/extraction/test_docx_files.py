"""Lists of Word documents keep their depth, tabs and margins their texts."""

import io

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement

from app.extraction.docx_files import with_items, with_signs
from app.extraction.office import read_office
from tests.fakes import files


def test_lists_made_by_styles() -> None:
    document = Document()
    document.add_heading("Documentos", level=1)
    for text, style in (("Adultos", "List Bullet"), ("RG", "List Bullet 2"), ("Menores", "List Bullet")):
        document.add_paragraph(text, style=style)
    document.add_paragraph("Fim")
    document.add_table(rows=1, cols=2).cell(0, 0).paragraphs[0].style = "List Bullet"
    buffer = io.BytesIO()
    document.save(buffer)

    assert read_office(buffer.getvalue(), ".docx").text.strip() == (
        "# Documentos\n\n- Adultos\n  - RG\n- Menores\n\nFim"
    )


def test_lists_made_by_numbering_keep_their_depth_and_numbers() -> None:
    markdown = "a\n\n1. \ue100um\n\n- \ue102**fundo**\n\n\n2. \ue100dois\n\n\nb \ue100"

    assert with_items(markdown) == "a\n\n1. um\n    - **fundo**\n2. dois\n\n\nb "


@pytest.mark.parametrize(
    "properties",
    [
        '<w:pStyle w:val="x"/>',
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>',
        '<w:outlineLvl w:val="0"/><w:numPr><w:numId w:val="1"/></w:numPr>',
    ],
    ids=["no list", "a list that is switched off", "a heading with a number"],
)
def test_documents_without_lists_stay_as_they_are(properties: str) -> None:
    data = files.archive({"word/document.xml": f"<w:p><w:pPr>{properties}</w:pPr></w:p>"})

    assert with_signs(data) is data


@pytest.mark.timeout(20)
def test_looking_for_lists_is_linear() -> None:
    data = files.archive({"word/document.xml": "<w:pPr>" * 100_000})

    assert with_signs(data) is data


def test_tabs_part_words_and_make_tables() -> None:
    document = Document()
    for line in ("X-Burger\tR$ 22,00", "Bairro\tTaxa\tPrazo", "Centro\tR$ 5\t30 min", "Boa Vista\tR$ 9\t1 h"):
        document.add_paragraph(line)
    document.add_paragraph("pós").add_run()._r.append(OxmlElement("w:noBreakHyphen"))
    document.paragraphs[-1].add_run("venda")

    assert saved(document) == (
        "X-Burger R$ 22,00\n\n"
        "Bairro: Centro; Taxa: R$ 5; Prazo: 30 min\nBairro: Boa Vista; Taxa: R$ 9; Prazo: 1 h\n\n"
        "pós-venda"
    )


def test_headers_and_footers_are_read_once_without_numbers_of_pages() -> None:
    document = Document()
    document.add_paragraph("Texto.")
    section = document.add_section()
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    document.sections[0].header.paragraphs[0].text = section.header.paragraphs[0].text = "Pousada do Sol\tUbatuba"
    section.footer.paragraphs[0].text = "Página 1 de 3"
    section.footer.add_paragraph("(12) 3333-4444")

    assert saved(document).split("\n\n") == ["Texto.", "(12) 3333-4444", "Pousada do Sol Ubatuba"]


def saved(document: DocumentType) -> str:
    buffer = io.BytesIO()
    document.save(buffer)
    return read_office(buffer.getvalue(), ".docx").text.strip()

"""Word documents read as Word shows them: every kind of part, and what is hidden, deleted or moved only once."""

import io
import zipfile

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from app.domain.file_text import FileText
from app.extraction.docx.reader import read_docx
from app.extraction.problems import Problem, ProblemError
from tests.fakes import files

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


RAISED = '<w:vertAlign w:val="superscript"/>'


def read_other(data: bytes, ending: str) -> FileText:
    """Stands for the readers of other formats."""
    if b"broken" in data:
        raise ProblemError(Problem.BROKEN)
    return FileText(f"{ending}: {data.decode()}")


def read(data: bytes) -> str:
    return read_docx(data, read_other).text.strip()


def saved(document: DocumentType) -> str:
    buffer = io.BytesIO()
    document.save(buffer)
    return read(buffer.getvalue())


def package(body: str, main: str = "word/document.xml", **parts: str) -> bytes:
    """A document of which `body` is the inside of w:body; further parts by the kind of their relation."""
    rels = "".join(f'<Relationship Id="{kind}" Type="{KINDS}/{kind}" Target="/x/{kind}.xml"/>' for kind in parts)
    folder, _, name = main.rpartition("/")
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return files.archive(
        {
            "_rels/.rels": f'<Relationships xmlns="{namespace}"><Relationship Id="r" Target="{main}" '
            f'Type="{KINDS}/officeDocument"/></Relationships>',
            main: f"<w:document {W} {R}><w:body>{body}</w:body></w:document>",
            f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{namespace}">{rels}</Relationships>',
            **{f"x/{kind}.xml": content for kind, content in parts.items()},
        }
    )


def p(*runs: str, properties: str = "") -> str:
    """A paragraph: texts become runs, elements stay."""
    inside = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_lists_made_by_styles() -> None:
    document = Document()
    document.add_heading("Documentos", level=1)
    for text, style in (("Adultos", "List Bullet"), ("RG", "List Bullet 2"), ("Menores", "List Bullet")):
        document.add_paragraph(text, style=style)
    document.add_paragraph("Fim")
    document.add_table(rows=1, cols=2).cell(0, 0).paragraphs[0].style = "List Bullet"

    assert saved(document) == "# Documentos\n\n- Adultos\n  - RG\n- Menores\n\nFim"


NUMBERS = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%3"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="·"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num></w:numbering>"
)


def item(text: str, list_id: int, depth: int = 0) -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return p(text, properties=numbering)


def test_lists_made_by_numbering_keep_their_depth_and_numbers() -> None:
    body = (
        item("um", 1) + item("dois", 1) + item("a", 1, 1) + item("b", 1, 1) + item("i", 1, 2) + item("três", 1)
        + item("a", 1, 1) + item("ponto", 2) + item("cinco", 3) + item("seis", 3)
    )  # fmt: skip

    assert read(package(body, numbering=NUMBERS)).split("\n") == [
        "1. um", "2. dois", "  a) a", "  b) b", "    2.i i", "3. três", "  a) a", "- ponto", "5. cinco", "6. seis",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ('<w:pStyle w:val="x"/>', "a"),
        ('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>', "a"),
        ('<w:outlineLvl w:val="1"/><w:numPr><w:numId w:val="1"/></w:numPr>', "## 1. a"),
        ('<w:outlineLvl w:val="9"/>', "a"),
    ],
    ids=["no list", "a list that is switched off", "a heading with a number", "the level of the text"],
)
def test_paragraphs_that_are_no_items(properties: str, text: str) -> None:
    assert read(package(p("a", properties=properties), numbering=NUMBERS)) == text


def test_styles_are_based_on_others() -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="T1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="Meu"><w:name w:val="Meu título"/><w:basedOn w:val="T1"/></w:style>'
        '<w:style w:styleId="Oculto"><w:name w:val="o"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="A"><w:name w:val="a"/><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:name w:val="b"/><w:basedOn w:val="A"/></w:style></w:styles>'
    )
    body = p("Prazos", properties='<w:pStyle w:val="Meu"/>') + p("corpo", properties='<w:pStyle w:val="A"/>')
    hidden = p("visível", r(" oculto", '<w:rStyle w:val="Oculto"/>'))

    assert read(package(body + hidden, styles=styles)) == "# Prazos\n\ncorpo\n\nvisível"


@pytest.mark.parametrize(
    ("paragraph", "text"),
    [
        (p(r("Promo", "<w:b/>"), r("ção", "<w:i/>"), " R$ ", r("399", "<w:b/>"), ",90"), "Promoção R$ 399,90"),
        (p("R$ 399", r("90", RAISED)), "R$ 399,90"),
        (p("10", r("o", RAISED), " H", r("2", '<w:vertAlign w:val="subscript"/>'), "O"), "10º H2O"),
        (p(f"<w:ins>{r('novo')}</w:ins>", "<w:del><w:r><w:delText>velho</w:delText></w:r></w:del>"), "novo"),
        (p(f"<w:moveFrom>{r('daqui')}</w:moveFrom>", "fica"), "fica"),
        (p(f"<w:moveTo>{r('daqui')}</w:moveTo>"), "daqui"),
        (p("visto", r(" segredo", "<w:vanish/>"), r(" claro", '<w:vanish w:val="0"/>')), "visto claro"),
        (p(r("destaque", '<w:highlight w:val="yellow"/><w:strike/>')), "destaque"),
        (p("a", "<w:r><w:br/></w:r>", "b", '<w:r><w:br w:type="page"/></w:r>', "c"), "a\nb c"),
        (p("<w:sdt><w:sdtPr/><w:sdtContent>" + r("campo") + "</w:sdtContent></w:sdt>"), "campo"),
        (p("x", "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + r("Clique aqui") +
           "</w:sdtContent></w:sdt>"), "x"),
        (p('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r>', "7"), "7"),
        (p("<w:r><w:noBreakHyphen/></w:r>", "x", "<w:r><w:tab/></w:r>", "y"), "-x y"),
        ("<w:sdt><w:sdtContent>" + p("bloco") + "</w:sdtContent></w:sdt>", "bloco"),
    ],
    ids=["bold and italic", "raised cents", "ordinals", "insertions", "moved from", "moved to", "hidden",
         "highlights", "breaks", "a field to fill in", "its hint", "page numbers", "tabs", "a block of content"],
)  # fmt: skip
def test_what_is_shown_of_a_paragraph(paragraph: str, text: str) -> None:
    assert read(package(paragraph)) == text


def test_boxes_are_read_once_although_they_are_there_for_old_programs_too() -> None:
    box = f"<w:txbxContent>{p('na caixa')}</w:txbxContent>"
    both = (
        '<w:r><mc:AlternateContent xmlns:mc="x"><mc:Choice Requires="wps"><w:drawing><wps:txbx xmlns:wps="y">'
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )

    assert read(package(p("antes", both) + p("depois"))) == "antes\n\nna caixa\n\ndepois"


def test_notes_stand_where_they_belong() -> None:
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0">{p("---")}</w:footnote>'
        f'<w:footnote w:id="2">{p("Exceto ilhas")}</w:footnote></w:footnotes>'
    )

    assert read(package(p("Frete", '<w:r><w:footnoteReference w:id="2"/></w:r>', " grátis"), footnotes=notes)) == (
        "Frete (Exceto ilhas) grátis"
    )


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else p(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_merged_cells_are_said_once_across_and_in_each_row_downwards() -> None:
    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    text = read(
        package(
            table(
                cell("Tabela de fretes", '<w:gridSpan w:val="4"/>'),
                cell("Região") + cell("Peso") + cell("Capital") + cell("Interior"),
                cell("Sul", begins) + cell("5 kg") + cell("10") + cell("15"),
                cell("", goes_on) + cell("10 kg") + cell("20", '<w:gridSpan w:val="2"/>'),
            )
        )
    )

    assert text.split("\n") == [
        "Tabela de fretes",
        "Região: Sul; Peso: 5 kg; Capital: 10; Interior: 15",
        "Região: Sul; Peso: 10 kg; Capital: 20",
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (table(cell("Plano") + cell("Preço"), cell("Ouro") + cell(table(cell("Mês") + cell("R$ 9")) + p(""))),
         "Plano: Ouro; Preço: Mês: R$ 9"),
        (table(cell(p("um") + p("dois"))), "um\n\ndois"),
        (table(cell("A") + cell("B") + cell("C"), f"<w:trPr><w:del/></w:trPr>{cell('x')}",
               cell("1") + cell(p("2") + p("3")) + cell("4")), "A: 1; B: 2 3; C: 4"),
        (table(f"<w:sdt><w:sdtContent>{cell('A')}</w:sdtContent></w:sdt>" + cell("B") + cell("C"),
               f'<w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("2")}{cell("3")}'), "B: 2; C: 3"),
    ],
    ids=["a table in a cell", "a frame", "a deleted row", "content controls and a gap"],
)  # fmt: skip
def test_tables(body: str, text: str) -> None:
    assert read(package(body)) == text


def test_links_keep_the_address_they_lead_to() -> None:
    document = Document()
    paragraph = document.add_paragraph("Veja o ")
    rel = document.part.relate_to("https://loja.example/x", f"{KINDS}/hyperlink", is_external=True)
    link = parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{rel}"><w:r><w:t>site</w:t></w:r></w:hyperlink>')
    paragraph._p.append(link)

    assert saved(document) == "Veja o [site](https://loja.example/x)"


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

    assert set(saved(document).split("\n\n")) == {"Texto.", "(12) 3333-4444", "Pousada do Sol Ubatuba"}
    assert saved(document).startswith("Texto.")


@pytest.mark.parametrize("main", ["word/document2.xml", "documento.xml", "word/corpo/d.xml"])
def test_the_document_is_found_by_its_relation(main: str) -> None:
    assert read(package(p("texto"), main)) == "texto"


def chunk(name: str, content: str) -> bytes:
    data = package(p("antes") + '<w:altChunk r:id="c"/>' + p("depois"))
    with zipfile.ZipFile(io.BytesIO(data)) as original:
        parts: dict[str, str | bytes] = {one: original.read(one) for one in original.namelist()}
    rels = parts["word/_rels/document.xml.rels"]
    assert isinstance(rels, bytes)
    relation = f'<Relationship Id="c" Type="{KINDS}/aFChunk" Target="{name}"/></Relationships>'.encode()
    parts["word/_rels/document.xml.rels"] = rels.replace(b"</Relationships>", relation)
    return files.archive(parts | {f"word/{name}": content})


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.html", ".html"),
        ("a.HTM", ".html"),
        ("a.mht", ".eml"),
        ("a.rtf", ".rtf"),
        ("a.docx", ".docx"),
        ("a", ".txt"),
    ],
)
def test_documents_inside_are_read_by_their_own_readers(name: str, ending: str) -> None:
    assert read_docx(chunk(name, "dentro"), read_other) == (f"antes\n\n{ending}: dentro\n\ndepois", None)


def test_parts_that_cannot_be_read_are_told() -> None:
    assert read_docx(chunk("a.html", "broken"), read_other) == (
        "antes\n\ndepois",
        "Parts of the document that could not be read: word/a.html.",
    )
    damaged = package(
        p("texto"),
        styles="<?xml version='1.0' encoding='nada'?><w:styles/>",
        numbering="x",
        footer=f"<w:ftr {W}>{p('Rua 1')}<w:p>",
    )
    text, warning = read_docx(damaged, read_other)
    assert text == "texto\n\nRua 1"
    assert warning == "Parts of the document that could not be read: x/styles.xml, x/numbering.xml, x/footer.xml."


def test_a_document_cut_off_is_read_up_to_there() -> None:
    data = package(p("texto") + "</w:body><w:body>" + p("mais") + "<w:p><w:r><oops")

    text, warning = read_docx(data, read_other)
    assert text == "texto\n\nmais"
    assert warning == "Parts of the document that could not be read: word/document.xml."


CHART = (
    '<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><c:tx><a:t>Vendas</a:t></c:tx></c:title><c:plotArea>'
    "<c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>2025</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    "<c:cat><c:strRef><c:strCache><c:pt idx='0'><c:v>Norte</c:v></c:pt><c:pt idx='2'><c:v>Sul</c:v></c:pt>"
    "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>0.0</c:formatCode><c:pt idx='0'>"
    "<c:v>1.5</c:v></c:pt><c:pt idx='2'><c:v>3</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>"
    "</c:plotArea></c:chart></c:chartSpace>"
)
DIAGRAM = (
    '<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:ptLst><dgm:pt><a:p><a:r><a:t>Pedi</a:t></a:r><a:r><a:t>do</a:t>'
    '</a:r></a:p></dgm:pt><dgm:pt type="pres"><a:p><a:t>x</a:t></a:p></dgm:pt><dgm:pt><a:p><a:t>Entrega</a:t></a:p>'
    "</dgm:pt></dgm:ptLst></dgm:dataModel>"
)


def test_charts_and_diagrams_tell_their_texts() -> None:
    drawings = (
        '<w:r><w:drawing><c:chart xmlns:c="c" r:id="chart"/></w:drawing></w:r>',
        '<w:r><w:drawing><dgm:relIds xmlns:dgm="d" r:dm="diagramData"/></w:drawing></w:r>',
    )

    assert read(package(p("antes", *drawings), chart=CHART, diagramData=DIAGRAM)) == (
        "antes\n\nVendas\nNorte; 2025: 1,5\nSul; 2025: 3,0\n\n- Pedido\n- Entrega"
    )


@pytest.mark.timeout(20)
def test_very_many_lists_and_tables_are_read_in_time() -> None:
    assert read(package(item("x", 1) * 20_000, numbering=NUMBERS)).endswith("20000. x")
    assert len(read(package(table(*[cell("a") + cell("b") + cell("c")] * 5000)))) > 5000

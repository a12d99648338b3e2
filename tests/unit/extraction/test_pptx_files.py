"""Slides read as they are shown: joined runs, merged cells, charts, diagrams, notes; a broken part costs itself."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from app.extraction.pptx_files import read_pptx
from app.extraction.problems import ProblemError
from tests.fakes import files

BOX = (Inches(1), Inches(2), Inches(4), Inches(1))
PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q"
    b"\0\0\0\0IEND\xaeB`\x82"
)


def deck() -> Any:
    presentation = Presentation()
    return presentation, presentation.slides.add_slide(presentation.slide_layouts[5])


def saved(presentation: Any) -> bytes:
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def parts(data: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(data: bytes, path: str, old: bytes, new: bytes) -> bytes:
    content = parts(data)
    before = content[path]
    assert isinstance(before, bytes)
    assert old in before
    return files.archive(content | {path: before.replace(old, new)})


def test_runs_are_joined_as_they_stand() -> None:
    presentation, slide = deck()
    slide.shapes.title.text = "Preços"
    frame = slide.shapes.add_textbox(*BOX).text_frame
    for text in ("O plano custa R$ 1", "29", ",90 por mês"):
        frame.paragraphs[0].add_run().text = text
    frame.paragraphs[0].runs[1].font.bold = True
    second = frame.add_paragraph()
    second.text = "P"
    second.add_run().text = "romoção"
    second.add_line_break()
    second.add_run().text = "só hoje"

    assert read_pptx(saved(presentation)) == (
        "## Preços\n\nO plano custa R$ 129,90 por mês\n\nPromoção\nsó hoje",
        None,
    )


def test_raised_text_and_links() -> None:
    presentation, slide = deck()
    slide.shapes.title.text = "T"
    paragraph = slide.shapes.add_textbox(*BOX).text_frame.paragraphs[0]
    for text in ("R$ 399", "90", " no "):
        paragraph.add_run().text = text
    for text in ("si", "te"):
        run = paragraph.add_run()
        run.text = text
        run.hyperlink.address = "https://loja.example/x"
    data = changed(
        saved(presentation), "ppt/slides/slide1.xml", b"<a:r><a:t>90", b'<a:r><a:rPr baseline="30000"/><a:t>90'
    )

    assert read_pptx(data).text == "## T\n\nR$ 399,90 no [site](https://loja.example/x)"


def test_merged_cells_hold_for_all_their_rows() -> None:
    presentation, slide = deck()
    slide.shapes.title.text = "Fretes"
    table = slide.shapes.add_table(5, 4, *BOX).table
    rows = ("Região Peso Preço -", "- - Capital Interior", "Sul 5kg 10 15", "- 10kg 20 25", "Norte 5kg - 40")
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts.split()):
            table.cell(row, column).text = text.replace("-", "")
    for start, end in (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((2, 0), (3, 0))):
        table.cell(*start).merge(table.cell(*end))

    assert read_pptx(saved(presentation)).text.split("\n") == [
        "## Fretes",
        "",
        "Região: Sul; Peso: 5kg; Preço Capital: 10; Preço Interior: 15",
        "Região: Sul; Peso: 10kg; Preço Capital: 20; Preço Interior: 25",
        "Região: Norte; Peso: 5kg; Preço Interior: 40",
    ]


def test_lists_groups_notes_and_footers() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Serviços"
    body = slide.placeholders[1].text_frame
    body.text = "Corte"
    for text, level in (("infantil", 1), ("Barba", 0)):
        paragraph = body.add_paragraph()
        paragraph.text, paragraph.level = text, level
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(*BOX).text_frame.text = "no grupo"
    slide.notes_slide.notes_text_frame.text = "Lembrar do desconto de 10%"
    slide.slide_layout.shapes.element.append(
        slide.shapes.add_textbox(*BOX).element  # as a firm's address on every slide
    )
    slide.slide_layout.shapes[-1].text_frame.text = "www.salao.example"

    assert read_pptx(saved(presentation)).text == (
        "## Serviços\n\n- Corte\n  - infantil\n- Barba\n\nno grupo\n\n"
        "Lembrar do desconto de 10%\n\nwww.salao.example"
    )


def test_charts_tell_their_figures() -> None:
    presentation, slide = deck()
    slide.shapes.title.text = "Vendas"
    make: Any = CategoryChartData
    data = make(number_format="0.0")
    data.categories = ["Norte", "Sul"]
    data.add_series("2025", (1.5, 2))
    data.add_series("2026", (3, None))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data)

    assert read_pptx(saved(presentation)).text.split("\n")[2:] == ["Norte; 2025: 1,5; 2026: 3,0", "Sul; 2025: 2,0"]


def test_the_first_short_text_of_a_slide_without_a_title_is_it() -> None:
    presentation = Presentation()
    for text in ("Contato\nRua das Flores, 10", "x" * 100):
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        slide.shapes.add_textbox(*BOX).text_frame.text = text

    assert read_pptx(saved(presentation)).text == f"## Contato\n\nRua das Flores, 10\n\n{'x' * 100}"


def two_slides() -> bytes:
    presentation, slide = deck()
    slide.shapes.title.text = "Um"
    slide.shapes.add_picture(io.BytesIO(PICTURE), *BOX)
    presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = "Dois"
    return saved(presentation)


def without(data: bytes, path: str) -> bytes:
    return files.archive({name: content for name, content in parts(data).items() if name != path})


RELS = "ppt/slides/_rels/slide1.xml.rels"
SLIDE = "ppt/slides/slide1.xml"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: changed(data, RELS, b'"../media/image1.png"', b'"file:///C:/x.png" TargetMode="External"'),
        lambda data: changed(data, SLIDE, b"r:embed=", b"r:link="),
        lambda data: changed(data, RELS, b"media/image1.png", b"media/nada.png"),
        lambda data: without(data, "ppt/media/image1.png"),
        lambda data: files.archive(parts(data) | {"ppt/media/image1.png": b"no picture"}),
        lambda data: changed(data, "[Content_Types].xml", b'Extension="png"', b'Extension="gif"'),
        lambda data: changed(data, "[Content_Types].xml", b"ml.presentation.main", b"ml.slideshow.main"),
        lambda data: without(data, "ppt/theme/theme1.xml"),
        lambda data: without(data, "docProps/core.xml"),
    ],
    ids=[
        "linked",
        "linked by the picture",
        "dangling",
        "missing",
        "broken",
        "of no type",
        "a show",
        "no theme",
        "no properties",
    ],
)
def test_pictures_and_other_parts_that_are_broken_cost_no_text(change: Callable[[bytes], bytes]) -> None:
    assert read_pptx(change(two_slides())) == ("## Um\n\n## Dois", None)


@pytest.mark.parametrize(
    ("change", "text", "part"),
    [
        (lambda data: without(data, SLIDE), "## Dois", "slide 1"),
        (lambda data: changed(data, SLIDE, b"</p:spTree>", b"<oops"), "## Um\n\n## Dois", SLIDE),
        (lambda data: files.archive(parts(data) | {RELS: b"<x"}), "## Um\n\n## Dois", SLIDE),
    ],
    ids=["missing", "cut off", "relations"],
)
def test_a_slide_that_cannot_be_read_is_told(change: Callable[[bytes], bytes], text: str, part: str) -> None:
    assert read_pptx(change(two_slides())) == (text, f"Parts of the presentation that could not be read: {part}.")


def test_hidden_slides_and_shapes_are_not_read() -> None:
    data = changed(two_slides(), "ppt/slides/slide2.xml", b"<p:sld ", b'<p:sld show="0" ')

    assert read_pptx(data) == ("## Um", "Hidden slides were not read: 2.")
    assert read_pptx(changed(data, SLIDE, b'name="Title 1"', b'name="Title 1" hidden="1"')).text == ""


def test_every_word_that_python_pptx_finds_is_there() -> None:
    presentation = Presentation()
    for layout in presentation.slide_layouts:
        slide = presentation.slides.add_slide(layout)
        for number, placeholder in enumerate(slide.placeholders):
            if placeholder.has_text_frame and placeholder.placeholder_format.type not in {13, 16}:
                placeholder.text_frame.text = f"palavra{number} na {layout.name}"
    found = {
        word
        for slide in presentation.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for word in shape.text_frame.text.split()
    }

    assert found <= set(read_pptx(saved(presentation)).text.split())
    assert len(found) > 15


def test_no_presentation_is_a_problem() -> None:
    with pytest.raises(ProblemError):
        read_pptx(without(two_slides(), "ppt/presentation.xml"))

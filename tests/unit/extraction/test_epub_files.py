"""Chapters of electronic books come in reading order; a broken one costs itself."""

import io
import zipfile

import pytest

from app.extraction.epub_files import read_epub
from app.extraction.problems import ProblemError
from tests.fakes import files

BOOK = files.epub("# Um\nA entrega leva 3 dias.", "# Dois\nA troca é grátis.", "# Três\nFim.")


def changed(**parts: str | bytes | None) -> bytes:
    """The book with other parts, or without them; of their names the dot is an underscore."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        content: dict[str, str | bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    content |= {name.replace("_", "."): part for name, part in parts.items()}
    return files.archive({name: part for name, part in content.items() if part is not None})


def test_chapters_in_reading_order() -> None:
    assert read_epub(BOOK) == (
        "# Um\n\nA entrega leva 3 dias.\n\n# Dois\n\nA troca é grátis.\n\n# Três\n\nFim.",
        None,
    )


def test_marks_of_type_leave_no_marks_in_the_text() -> None:
    page = "<html><p><b>Promo</b>ção R$ 399<sup>90</sup> H<sub>2</sub>O <ins>10<sup>o</sup></ins></p></html>"

    assert read_epub(changed(c0_xhtml=page)).text.startswith("Promoção R$ 399,90 H2O 10º\n\n# Dois")


@pytest.mark.parametrize("part", [None, b"\x89PNG\r\n\x1a\n" + bytes(99)], ids=["missing", "a picture"])
def test_a_chapter_that_cannot_be_read_is_told(part: bytes | None) -> None:
    text, warning = read_epub(changed(c1_xhtml=part))

    assert text == "# Um\n\nA entrega leva 3 dias.\n\n# Três\n\nFim."
    assert warning == "Chapters that could not be read: c1.xhtml."


def test_a_chapter_that_is_cut_off_is_read_up_to_there() -> None:
    assert "A troca" in read_epub(changed(c1_xhtml="<html><body><p>A troca <b>é")).text


def test_paths_are_relative_and_may_be_encoded() -> None:
    package = (
        '<package><manifest><item id="a" href="texto/cap%20um.html" media-type="text/html"/>'
        '<item id="b" href="x.css" media-type="text/css"/></manifest><spine><itemref idref="b"/>'
        '<itemref idref="a"/><itemref idref="falta"/></spine></package>'
    )
    data = files.archive(
        {
            "META-INF/container.xml": '<container><rootfile full-path="OEBPS/b.opf"/></container>',
            "OEBPS/b.opf": package,
            "OEBPS/texto/cap um.html": "<p>texto",
        }
    )

    assert read_epub(data) == ("texto", None)


def test_a_book_without_its_package_is_a_problem() -> None:
    with pytest.raises(ProblemError):
        read_epub(changed(book_opf=None))

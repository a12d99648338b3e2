"""What tesseract is asked, what it tells on the way, and what is said where it is missing or fails."""

import os
from pathlib import Path

import pytest

from app.domain.errors import ExtractionError
from app.extraction.extractor import Extractor
from tests.fakes import files, hostile_files, pdf_files
from tests.integration.extraction.conftest import Read, needs_tesseract


@pytest.mark.parametrize("works", ["--list-langs", "nothing"])
def test_broken_text_recognition_costs_only_the_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: str
) -> None:
    script = f'#!/bin/sh\nif [ "$1" = {works} ]; then echo por; exit 0; fi\nexit 1\n'
    (tmp_path / "tesseract").write_text(script)
    (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_files.merged(pdf_files.scan(files.pdf("Capa")), files.pdf("Texto um.", "Texto dois.")))

    text, warning = Extractor(tmp_path / "scratch").extract(path, "a.pdf")

    assert text.splitlines() == ["Texto um.", "Texto dois."]
    assert warning is not None
    assert warning.endswith("pictures that could not be read. Text recognition does not work on this server.")


@needs_tesseract
def test_how_far_recognition_has_come_is_told(tmp_path: Path) -> None:
    path, shares = tmp_path / "a.pdf", [0.0]
    path.write_bytes(pdf_files.scan(files.pdf("Uma página.", "Mais uma.", "Ainda outra.", "A última."), pages=4))

    Extractor(tmp_path / "scratch").extract(path, "a.pdf", shares.append)

    assert shares == sorted(shares)
    assert set(shares) - {0.0} <= {0.25, 0.5, 0.75, 1.0}
    assert shares[-1] > 0


@pytest.mark.parametrize("filename", ["a.pdf", "a.png"])
@pytest.mark.parametrize(
    ("languages", "packages"),
    [("", "packages tesseract-ocr and tesseract-ocr-por"), ("eng", "package tesseract-ocr-por")],
)
def test_the_error_says_what_to_install(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filename: str, languages: str, packages: str
) -> None:
    if languages:
        (tmp_path / "tesseract").write_text(f"#!/bin/sh\necho 'List of available languages (1):\n{languages}'\n")
        (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    scan = hostile_files.scanned_pdf("texto")

    with pytest.raises(ExtractionError, match=f"needs Debian's {packages} "):
        read(filename, scan if filename == "a.pdf" else pdf_files.picture(scan))

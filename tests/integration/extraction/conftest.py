"""Uploads are read as the service reads them, in a sandboxed worker."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.extraction.extractor import Extractor

Read = Callable[[str, bytes], str]

needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Extract the text from an upload of this name with these bytes."""

    def read_upload(filename: str, data: bytes) -> str:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return Extractor(tmp_path / "scratch").extract(path, filename).text

    return read_upload

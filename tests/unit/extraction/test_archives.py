"""Of a zip, a damaged entry is left to the readers; bombs, liars and what is locked are refused."""

from collections.abc import Callable
from functools import partial

import pytest

from app.extraction.archives import check_archive
from app.extraction.docx.reader import read_docx
from app.extraction.problems import Problem, ProblemError
from tests.fakes import files, hostile_files


def damaged(data: bytes, name: str) -> bytes:
    """The same zip with another checksum for an entry, in its directory and before its data."""
    at = data.rindex(name.encode()) - 30
    checksum = data[at : at + 4]
    assert data.count(checksum) == 2
    return data.replace(checksum, bytes(byte ^ 255 for byte in checksum))


@pytest.mark.parametrize("name", ["word/styles.xml", "word/theme/theme1.xml", "docProps/app.xml"])
def test_an_entry_whose_checksum_is_wrong_costs_only_itself(name: str) -> None:
    data = damaged(files.docx("# Prazos\nTrês dias."), name)

    check_archive(data, ".docx")
    assert "Três dias." in read_docx(data, lambda *_: pytest.fail("nothing is inside")).text


@pytest.mark.parametrize(
    ("data", "ending", "problem"),
    [
        (partial(hostile_files.lying_zip_bomb, "docx"), ".docx", Problem.BROKEN),
        (partial(hostile_files.zip_bomb, "xlsx"), ".xlsx", Problem.TOO_COMPLICATED),
        (hostile_files.entity_bomb("epub"), ".epub", Problem.TOO_COMPLICATED),
        (hostile_files.encrypted_office(), ".docx", Problem.ENCRYPTED),
        (hostile_files.old_office(), ".docx", Problem.OLD_FORMAT),
        (hostile_files.encrypted_odt("x"), ".odt", Problem.ENCRYPTED),
        (files.archive({"a": "b"}), ".epub", Problem.BROKEN),
        (b"PK", ".pptx", Problem.BROKEN),
    ],
)
def test_what_is_refused(data: bytes | Callable[[], bytes], ending: str, problem: Problem) -> None:
    with pytest.raises(ProblemError) as raised:
        check_archive(data() if callable(data) else data, ending)

    assert raised.value.problem is problem

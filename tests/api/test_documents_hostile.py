"""POST /documents/add with files that nobody can read: stored, with a reason, and nothing breaks."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.house import Caller, House
from tests.fakes import files, hostile_files

PATIENCE_SECONDS = 60
FILES: list[tuple[str, Callable[[], bytes], str]] = [
    ("no-zip.docx", lambda: b"this is no zip", "damaged"),
    ("half.docx", lambda: files.docx("Texto.")[:800], "damaged"),
    ("no-pdf.pdf", lambda: b"%PDF-1.7 and then nothing", "damaged"),
    ("locked.pdf", lambda: hostile_files.encrypted_pdf("Segredo.", "password"), "password"),
    ("scan.pdf", lambda: hostile_files.scanned_pdf(""), "pictures"),
    ("bomb.docx", lambda: hostile_files.zip_bomb("docx"), "too large"),
    ("liar.xlsx", lambda: hostile_files.lying_zip_bomb("xlsx"), "damaged"),
    ("entities.odt", lambda: hostile_files.entity_bomb("odt"), "too large or too complicated"),
    ("nested.html", hostile_files.nested_html, "nested too deeply"),
    ("nested.json", lambda: b"[" * 200_000, "nested too deeply"),
    ("pages.pdf", hostile_files.million_pages, "more pages"),
    ("bomb.pdf", hostile_files.pdf_bomb, "too large or too complicated"),
    ("lying.docx", lambda: files.pdf("Texto."), "not what the end of its name says"),
    ("blank.txt", lambda: b" \n\t\n ", "empty"),
    ("old.docx", hostile_files.old_office, "older Office"),
]


def when_done(ana: Caller, document: dict[str, Any]) -> dict[str, Any]:
    """The document when nobody works on it any more; large ones are answered before that."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while document["status"] in {"pending", "indexing"} and time.monotonic() < deadline:
        time.sleep(0.1)
        document = ana.get(f"/documents/get/{document['_id']}").json or {}
    return document


@pytest.mark.parametrize(("name", "make", "reason"), FILES, ids=[name for name, _, _ in FILES])
def test_the_uploader_is_told_what_is_wrong(
    house: House, ana: Caller, assistant: dict[str, Any], name: str, make: Callable[[], bytes], reason: str
) -> None:
    document = when_done(ana, ana.upload(assistant["_id"], make(), name))

    assert (document["status"], document["chunks"]) == ("failed", 0)
    assert document["error"].endswith(".")
    assert reason in document["error"]
    assert str(house.documents.parent) not in document["error"]
    assert ana.get(f"/documents/get/{document['_id']}").json == document


def test_a_failed_file_can_be_downloaded_and_deleted(ana: Caller, assistant: dict[str, Any]) -> None:
    document = ana.upload(assistant["_id"], b"this is no zip", "a.docx")["_id"]

    assert ana.get(f"/documents/download/{document}").data == b"this is no zip"
    assert ana.delete(f"/documents/delete/{document}").status_code == 200


def test_a_good_file_in_its_place_cures_it(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    broken = ana.upload(assistant["_id"], b"this is no zip", "a.docx")
    good = ana.upload(assistant["_id"], files.docx("A entrega leva três dias."), "a.docx")

    assert (good["_id"], good["status"], good["error"]) == (broken["_id"], "ready", None)
    assert len(gateway.chat("Quantos dias leva a entrega?")["sources"]) == 1


def test_a_prompt_nobody_can_read_leaves_the_old_one(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    ana.upload(assistant["_id"], "Seja breve.", "prompt.txt", "prompt")
    too_long = ana.upload(assistant["_id"], "palavra " * 2501, "prompt.txt", "prompt")
    gateway.chat("Oi")

    assert (too_long["status"], house.model.questions[-1].instructions) == ("failed", "Seja breve.")
    assert "20,000 characters" in too_long["error"]

"""POST /documents/add"""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from werkzeug.datastructures import MultiDict

from app.domain.ids import is_id
from tests.api.crowd import wait_until
from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found, open_house
from tests.fakes import files
from tests.fakes.database import scratch_database

SHAPE = {"_id", "id", "filepath", "filename", "type", "assistant_id", "createdAt"}
TEXT = "# Entrega\nA entrega leva três dias úteis."
QUESTION = "Quantos dias leva a entrega?"


def knowledge(house: House, assistant_id: str) -> list[str]:
    """The names of an assistant's knowledge files on disk."""
    return sorted(path.name for path in (house.documents / assistant_id / "knowledge").iterdir())


def found(house: House, gateway: Caller, question: str = QUESTION) -> list[str]:
    """The texts a question finds."""
    gateway.chat(question)
    return [passage.text for passage in house.model.questions[-1].passages]


def chunk_rows(house: House, document_id: str) -> list[dict[str, Any]]:
    return list(house.database["chunks"].find({"document_id": ObjectId(document_id)}))


def texts_of(house: House, document: dict[str, Any]) -> list[str]:
    return [row["text"] for row in chunk_rows(house, document["_id"])]


def test_the_new_document_is_answered(ana: Caller, assistant: dict[str, Any]) -> None:
    response = ana.send_file(assistant["_id"], TEXT, "prazos.md")

    assert response.status_code == 201
    body = response.json or {}
    assert set(body) >= SHAPE
    assert is_id(body["_id"])
    assert (body["id"], body["assistant_id"], body["type"]) == (body["_id"], assistant["_id"], "rag")
    assert body["filename"] == "prazos.md"
    assert body["filepath"] == f"documents/{assistant['_id']}/knowledge/prazos.md"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", body["createdAt"])
    assert (body["status"], body["error"], body["chunks"]) == ("ready", None, 1)
    assert response.headers["Location"] == f"/documents/get/{body['_id']}"
    assert ana.get(response.headers["Location"]).json == body


def test_it_stands_on_disk_and_can_be_found(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    document = ana.upload(assistant["_id"], TEXT, "prazos.md")

    assert (house.documents.parent / document["filepath"]).read_text() == TEXT
    assert (
        found(house, gateway) == ["A entrega leva três dias úteis."]
        or "três dias úteis" in found(house, gateway)[0]
    )


@pytest.mark.parametrize("kind", ["rag", "RAG", "Rag", " rag "])
def test_the_type_may_be_written_in_any_case(ana: Caller, assistant: dict[str, Any], kind: str) -> None:
    assert ana.upload(assistant["_id"], TEXT, kind=kind)["type"] == "rag"


def test_a_prompt_is_used_as_instructions(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    document = ana.upload(assistant["_id"], "Seja breve.", "instruções.txt", "PROMPT")

    gateway.chat("Oi")

    assert (document["type"], document["filename"], document["status"]) == ("prompt", "instruções.txt", "ready")
    assert document["filepath"] == f"documents/{assistant['_id']}/prompt.txt"
    assert (house.documents / assistant["_id"] / "prompt.txt").read_text() == "Seja breve."
    assert house.model.questions[-1].instructions == "Seja breve."
    assert house.model.questions[-1].passages == ()


def test_a_new_prompt_replaces_the_old_one(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    old = ana.upload(assistant["_id"], "Seja breve.", "a.txt", "prompt")
    new = ana.upload(assistant["_id"], "Seja longo.", "b.md", "prompt")

    gateway.chat("Oi")

    assert house.model.questions[-1].instructions == "Seja longo."
    (listed,) = ana.get("/documents/list").json or []
    assert (listed["_id"], listed["filename"]) == (new["_id"], "b.md")
    assert new["_id"] == old["_id"]


def test_a_file_of_the_same_name_replaces_the_old_one(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    old = ana.upload(assistant["_id"], "A entrega leva três dias úteis.")
    new = ana.upload(assistant["_id"], "A entrega leva nove dias corridos.")

    assert new == old | {name: new[name] for name in ("size", "updatedAt")}
    assert ana.get("/documents/list").json == [new]
    assert knowledge(house, assistant["_id"]) == ["rag.md"]
    wait_until(lambda: texts_of(house, new) == ["A entrega leva nove dias corridos."])
    (text,) = found(house, gateway)
    assert "nove dias" in text


def test_a_file_of_the_same_name_elsewhere_is_another(ana: Caller, assistant: dict[str, Any]) -> None:
    other = ana.make_assistant()

    made = [ana.upload(one["_id"], TEXT)["_id"] for one in (assistant, other)]

    assert ana.ids("/documents/list") == made[::-1]


def test_a_broken_file_in_its_place_leaves_the_old_text_findable(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    ana.upload(assistant["_id"], files.docx("A entrega leva três dias úteis."), "a.docx")
    broken = ana.upload(assistant["_id"], b"no document", "a.docx")

    assert broken["status"] == "failed"
    assert "três dias" in found(house, gateway)[0]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", files.pdf(TEXT)),
        ("a.docx", files.docx(TEXT)),
        ("a.xlsx", files.xlsx(Entrega=[["Entrega", "Dias"], ["A entrega", "três dias úteis"]])),
        ("a.html", files.html(TEXT)),
        ("a.csv", files.csv_rows([["Entrega", "Dias"], ["A entrega", "três dias úteis"]])),
        ("A.TXT", TEXT.encode("cp1252")),
        ("a.txt", TEXT.encode("utf-16")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_question_finds_what_a_file_says(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, name: str, data: bytes
) -> None:
    assert ana.upload(assistant["_id"], data, name)["status"] == "ready"

    assert "três dias úteis" in found(house, gateway)[0]


def test_what_is_missing_is_named(ana: Caller, assistant: dict[str, Any]) -> None:
    upload = (BytesIO(b"x"), "a.md")

    assert_error(ana.send_form(), 422, "validation_error", "file", "type", "assistant_id")
    assert_error(ana.send_form(type="rag", assistant_id=assistant["_id"]), 422, "validation_error", "file")
    assert_error(ana.send_form(file=upload, type="rag"), 422, "validation_error", "assistant_id")
    no_file = ana.send_form(file="text", type="rag", assistant_id=assistant["_id"])
    assert_error(no_file, 422, "validation_error", "file")


@pytest.mark.parametrize("kind", ["", "knowledge", "rag,prompt", "../rag", "rag\0", "x" * 5000])
def test_another_type_is_refused(ana: Caller, assistant: dict[str, Any], kind: str) -> None:
    assert_error(ana.send_file(assistant["_id"], TEXT, kind=kind), 422, "validation_error", "type")


def test_unknown_fields_are_named(ana: Caller, assistant: dict[str, Any]) -> None:
    upload = (BytesIO(b"x"), "a.md")

    response = ana.send_form(file=upload, type="rag", assistant_id=assistant["_id"], filepath="/etc/passwd")

    assert_error(response, 422, "validation_error", "filepath")


@pytest.mark.parametrize("kind", ["rag", "prompt"])
def test_an_empty_file_is_refused(house: House, ana: Caller, assistant: dict[str, Any], kind: str) -> None:
    assert_error(ana.send_file(assistant["_id"], b"", "a.txt", kind), 422, "validation_error", "file")
    assert ana.ids("/documents/list") == []
    assert [path for path in house.documents.rglob(f"{assistant['_id']}/**/*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["a.exe", "a", "a.pdf.sh", "pdf", ".pdf", "a.", "...", "..", "/", "a.doc", "\\"])
def test_a_kind_of_file_nobody_can_read_is_refused(ana: Caller, assistant: dict[str, Any], name: str) -> None:
    assert_error(ana.send_file(assistant["_id"], TEXT, name), 422, "validation_error", "file")
    assert ana.ids("/documents/list") == []


def test_an_older_format_is_refused_with_advice(ana: Caller, assistant: dict[str, Any]) -> None:
    response = ana.send_file(assistant["_id"], TEXT, "Tabela.XLS")

    assert (response.json or {})["fields"] == {"file": ["Save it as .xlsx, then upload that."]}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("/etc/cron.d/job.md", "job.md"),
        ("....md.txt", "md.txt"),
        ("Preços e condições.md", "Preços e condições.md"),
        ("cardápio 🍕.md", "cardápio 🍕.md"),
        ("a\u202egnp.md", "agnp.md"),
        ("c\u0327a.md", "ça.md"),
        ("tab\there.md", "tabhere.md"),
        ("$where.md", "$where.md"),
        ("-rf.md", "-rf.md"),
        ("con.md ", "con.md"),
    ],
)
def test_names_are_made_safe_and_stay_recognisable(
    house: House, ana: Caller, assistant: dict[str, Any], sent: str, kept: str
) -> None:
    document = ana.upload(assistant["_id"], TEXT, sent)

    assert document["filename"] == kept
    assert document["filepath"] == f"documents/{assistant['_id']}/knowledge/{kept}"
    assert knowledge(house, assistant["_id"]) == [kept]


@pytest.mark.parametrize("letter", ["x", "ç", "🍕"])
def test_long_names_are_shortened_and_keep_their_end(
    house: House, ana: Caller, assistant: dict[str, Any], letter: str
) -> None:
    name = ana.upload(assistant["_id"], TEXT, f"{letter * 300}.md")["filename"]

    assert re.fullmatch(rf"{letter}+-[0-9a-f]{{8}}\.md", name)
    assert knowledge(house, assistant["_id"]) == [name]


def test_no_name_or_id_reaches_outside(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    before = {path for path in house.documents.parent.rglob("*") if house.documents not in path.parents}

    for name in ("../x.md", "/x.md", "..\\x.md", "%2e%2e%2fx.md", "knowledge/../../x.md"):
        ana.send_file(assistant["_id"], TEXT, name)
        ana.send_file(f"../{assistant['_id']}", TEXT, name)
    outside = {path for path in house.documents.parent.rglob("*") if house.documents not in path.parents}

    assert {path for path in outside - before if house.index not in path.parents} == set()
    assert {path.name for path in house.documents.iterdir() if not is_id(path.name)} == set()


def test_unknown_and_foreign_assistants_are_one_and_the_same(
    house: House, bruno: Caller, assistant: dict[str, Any]
) -> None:
    folders = set(house.documents.iterdir())

    assert_same_not_found([bruno.send_file(one, TEXT) for one in (assistant["_id"], "", "..", *BAD_IDS)])
    assert set(house.documents.iterdir()) == folders


def test_an_administrator_may(ada: Caller, ana: Caller, assistant: dict[str, Any]) -> None:
    document = ada.upload(assistant["_id"], TEXT)

    assert ana.ids("/documents/list") == [document["_id"]]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
def test_only_multipart_is_taken(ana: Caller, kind: str) -> None:
    response = ana.request("POST", "/documents/add", data=b"{}", content_type=kind)

    assert_error(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("body", [b"", b"x", b"--b\r\nbroken", b"--b--\r\n"])
def test_a_form_without_parts_is_an_error(ana: Caller, body: bytes) -> None:
    response = ana.request("POST", "/documents/add", data=body, content_type="multipart/form-data; boundary=b")

    assert response.status_code in {400, 422}
    assert set(response.json or {}) >= {"error", "code"}


def test_a_form_without_boundary_is_an_error(ana: Caller) -> None:
    response = ana.request("POST", "/documents/add", data=b"x", content_type="multipart/form-data")

    assert response.status_code in {400, 422}
    assert set(response.json or {}) >= {"error", "code"}


@pytest.fixture(scope="module")
def small(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service that takes uploads of at most 1 MB."""
    folder: Path = tmp_path_factory.mktemp("small")
    with scratch_database(database_uri) as database, open_house(database, folder, max_upload_mb=1) as house:
        yield house


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024])
def test_a_file_that_is_too_large_is_refused(small: House, size: int) -> None:
    ana = small.newcomer("Ana")
    assistant = ana.make_assistant()["_id"]

    assert_error(ana.send_file(assistant, bytes(size)), 413, "payload_too_large")
    assert ana.ids("/documents/list") == []
    assert [path for path in small.documents.rglob(f"{assistant}/**/*") if path.is_file()] == []


def test_a_file_of_the_largest_size_is_taken(small: House) -> None:
    ana = small.newcomer("Ana")
    text = b"palavra " * (1024 * 1024 // 8)

    document = ana.upload(ana.make_assistant()["_id"], text[: 1024 * 1024])

    assert document["size"] == 1024 * 1024


def test_a_large_file_that_nobody_may_upload_is_not_read(small: House) -> None:
    assert_error(small.anyone().send_file("x", bytes(5 * 1024 * 1024)), 401, "unauthorized")


def test_30_mb_are_too_much_by_default(ana: Caller, assistant: dict[str, Any]) -> None:
    assert_error(ana.send_file(assistant["_id"], bytes(30 * 1024 * 1024)), 413, "payload_too_large")


@pytest.mark.parametrize("kind", ["rag", "prompt"])
def test_uploads_of_one_name_at_once_become_one_document(
    house: House, ana: Caller, assistant: dict[str, Any], kind: str
) -> None:
    texts = [f"A entrega leva {number} dias." for number in range(1, 9)]
    start = threading.Barrier(len(texts))

    def upload(text: str) -> dict[str, Any]:
        caller = ana.apart()
        start.wait()
        return caller.upload(assistant["_id"], text, "prazos.md", kind)

    with ThreadPoolExecutor(len(texts)) as threads:
        made = list(threads.map(upload, texts))

    (document,) = ana.get("/documents/list").json or []
    assert {one["_id"] for one in made} == {document["_id"]}
    assert document["status"] == "ready"
    kept = ana.get(f"/documents/download/{document['_id']}").text
    assert kept in texts
    if kind == "rag":
        wait_until(lambda: texts_of(house, document) == [kept])
    else:
        assistant_now = house.rows.assistants.by_id(assistant["_id"])
        assert assistant_now is not None
        assert assistant_now.prompt == kept
    assert [path for path in house.documents.rglob(f"{assistant['_id']}/.staged/*") if path.is_file()] == []


def test_a_question_asked_during_a_replacement_sees_the_old_or_the_new(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    ana.upload(assistant["_id"], "A entrega leva 0 dias.")
    done = threading.Event()
    seen: list[int] = []

    def ask() -> None:
        asker = gateway.apart()
        while not done.is_set():
            seen.append(len(asker.chat("Quantos dias leva a entrega?")["sources"]))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for number in range(1, 9):
            ana.upload(assistant["_id"], f"A entrega leva {number} dias.")
    finally:
        done.set()
        asking.join(30)

    assert seen
    assert set(seen) == {1}


@pytest.mark.parametrize("names", [["file", "file"], ["file", "other"], ["other"]])
def test_an_upload_has_exactly_one_file(ana: Caller, assistant: dict[str, Any], names: list[str]) -> None:
    form = [(name, (BytesIO(b"x"), f"{place}.md")) for place, name in enumerate(names)]
    data = MultiDict([*form, ("type", "rag"), ("assistant_id", assistant["_id"])])
    response = ana.post("/documents/add", data=data, content_type="multipart/form-data")

    assert_error(response, 422, "validation_error", "file")


@pytest.mark.parametrize("boundary", ["", "; boundary=other"])
def test_a_form_that_cannot_be_read_is_said_to_be_so(ana: Caller, boundary: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="type"\r\n\r\nrag\r\n--b\r\nContent-Disp'
    response = ana.post("/documents/add", data=body, content_type=f"multipart/form-data{boundary}")

    assert_error(response, 400, "bad_request")

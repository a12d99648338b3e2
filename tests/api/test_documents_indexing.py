"""PUT and POST /documents/cancel/<id> and /documents/retry/<id>; GET /documents/chunks/<id>; progress"""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ModelFailedError, ModelUnavailableError
from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found, open_house
from tests.fakes import files, pdf_files
from tests.fakes.database import scratch_database
from tests.fakes.embedder import HashingEmbedder

PARAGRAPH = "O prazo de entrega do produto é contado a partir da confirmação do pagamento do pedido. " * 4
LONG = "\n".join(f"# Produto {number}\n{PARAGRAPH}" for number in range(1000))
PATIENCE_SECONDS = 30


class Gate(HashingEmbedder):
    """Embeds so many batches, and the next one when it is opened; `problem` is raised instead."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 10**6
        self.reached, self.opened = threading.Event(), threading.Event()
        self.problem: Exception | None = None

    def embed_passages(self, texts: Any) -> Any:
        if self.problem is not None:
            raise self.problem
        if self.left == 0:
            self.reached.set()
            assert self.opened.wait(PATIENCE_SECONDS)
        else:
            self.left -= 1
        return super().embed_passages(texts)


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


@pytest.fixture(scope="module")
def gated(database_uri: str, gate: Gate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose embedding can be held up."""
    folder: Path = tmp_path_factory.mktemp("gated")
    with scratch_database(database_uri) as database, open_house(database, folder, embedder=gate) as house:
        yield house


@pytest.fixture
def ana(gated: House, gate: Gate) -> Iterator[Caller]:
    yield gated.newcomer("Ana")
    gate.opened.set()
    gate.left, gate.problem = 10**6, None


@pytest.fixture
def assistant(ana: Caller) -> dict[str, Any]:
    return ana.make_assistant()


def shown(caller: Caller, document: dict[str, Any]) -> dict[str, Any]:
    response = caller.get(f"/documents/get/{document['_id']}")
    assert response.status_code == 200
    return dict(response.json or {})


def when(caller: Caller, document: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The document, once it has these values."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        now = shown(caller, document)
        if all(now[name] == value for name, value in values.items()):
            return now
        time.sleep(0.05)
    raise AssertionError(now)


def hold_up(gate: Gate, caller: Caller, assistant: dict[str, Any], batches: int) -> dict[str, Any]:
    """A long document of which so many batches are embedded."""
    gate.left = batches
    gate.opened.clear()
    gate.reached.clear()
    document = caller.upload(assistant["_id"], LONG, "longo.md")
    assert gate.reached.wait(PATIENCE_SECONDS)
    return document


def test_a_long_document_tells_how_far_it_is(ana: Caller, gate: Gate, assistant: dict[str, Any]) -> None:
    document = hold_up(gate, ana, assistant, 10)
    assert document["status"] in {"pending", "indexing"}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while shown(ana, document)["progress"] < 0.3 and time.monotonic() < deadline:
        time.sleep(0.05)

    now = shown(ana, document)
    assert (now["status"], now["stage"], now["chunks"]) == ("indexing", "embedding", 0)
    assert 0.3 <= now["progress"] < 0.5

    gate.opened.set()
    gate.left = 10**6
    done = when(ana, document, status="ready")
    assert (done["stage"], done["progress"], done["chunks"]) == ("done", 1.0, 1000)


def test_a_small_document_does_not_wait_for_a_long_one(ana: Caller, gate: Gate, assistant: dict[str, Any]) -> None:
    long = hold_up(gate, ana, assistant, 2)
    gate.left = 10**6  # the long one alone waits at the gate

    small = [ana.upload(assistant["_id"], f"Texto {number}.", f"{number}.md") for number in range(5)]

    assert [document["status"] for document in small] == ["ready"] * 5
    assert shown(ana, long)["status"] == "indexing"


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_a_small_document_does_not_wait_for_pictures(ana: Caller, assistant: dict[str, Any]) -> None:
    scan = pdf_files.picture(files.pdf("Uma página com texto. " * 40))
    pictures = [ana.upload(assistant["_id"], scan, f"{number}.PNG") for number in range(6)]

    small = ana.upload(assistant["_id"], "Texto.", "a.md")

    assert small["status"] == "ready"
    assert shown(ana, pictures[-1])["status"] in {"pending", "indexing"}
    assert when(ana, pictures[-1], status="ready")["chunks"] > 0


def test_cancelled_work_stops_and_can_be_taken_up_again(ana: Caller, gate: Gate, assistant: dict[str, Any]) -> None:
    document = hold_up(gate, ana, assistant, 5)

    response = ana.put(f"/documents/cancel/{document['_id']}")

    assert (response.status_code, (response.json or {})["status"]) == (200, "cancelled")
    gate.opened.set()
    gate.left = 10**6
    assert_error(ana.post(f"/documents/cancel/{document['_id']}"), 409, "not_in_progress")
    assert (shown(ana, document)["chunks"], shown(ana, document)["error"]) == (0, None)
    response = ana.post(f"/documents/retry/{document['_id']}")
    assert response.status_code == 200
    assert (response.json or {})["status"] in {"pending", "indexing"}
    assert when(ana, document, status="ready")["chunks"] == 1000


def test_what_failed_is_tried_again_when_asked(ana: Caller, gate: Gate, assistant: dict[str, Any]) -> None:
    gate.problem = ModelFailedError("The embedding server refused the API key.")
    document = ana.upload(assistant["_id"], "Texto.", "a.md")
    assert (document["status"], document["error"]) == ("failed", "The embedding server refused the API key.")
    gate.problem = None

    ana.put(f"/documents/retry/{document['_id']}")

    assert when(ana, document, status="ready")["error"] is None
    assert_error(ana.put(f"/documents/retry/{document['_id']}"), 409, "not_retryable")
    assert_error(ana.put(f"/documents/cancel/{document['_id']}"), 409, "not_in_progress")


def test_what_could_not_be_read_in_full_says_so_and_is_read_again_when_asked(
    ana: Caller, assistant: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = pdf_files.merged(pdf_files.scan(files.pdf("Capa")), files.pdf("O prazo de troca é de trinta dias."))
    with monkeypatch.context() as without_tesseract:
        without_tesseract.setenv("PATH", str(tmp_path))
        document = when(ana, ana.upload(assistant["_id"], pdf, "a.pdf"), status="ready")
    assert document["error"] is None
    assert document["warning"].startswith("1 of its 2 pages are pictures that could not be read.")
    assert document["chunks"] == 1

    again = ana.put(f"/documents/retry/{document['_id']}").json or {}

    assert again["status"] in {"pending", "indexing"}
    retried = when(ana, document, status="ready")
    assert retried["chunks"] == 1
    assert (retried["warning"] is None) == bool(shutil.which("tesseract"))
    # A new version begins without the warning of the old one.
    assert ana.upload(assistant["_id"], files.pdf("Outro texto."), "a.pdf")["warning"] is None


def test_what_waits_for_the_embedding_server_says_so_at_once(
    ana: Caller, gate: Gate, assistant: dict[str, Any]
) -> None:
    gate.problem = ModelUnavailableError("The embedding server could not be reached.")
    began = time.monotonic()

    document = ana.upload(assistant["_id"], "Texto.", "a.md")

    assert time.monotonic() - began < 8  # and not the ten seconds that an upload may wait
    assert document["status"] == "indexing"
    assert document["error"] == "The embedding server could not be reached. It is tried again every minute."


def test_chunks_are_shown_in_order_page_by_page(ana: Caller, assistant: dict[str, Any]) -> None:
    text = "\n".join(f"# Produto {number}\n{PARAGRAPH}" for number in range(5))
    document = ana.upload(assistant["_id"], text, "produtos.md")

    pages = ana.pages(f"/documents/chunks/{document['_id']}?limit=2")

    assert [len(page) for page in pages] == [2, 2, 1]
    chunks = [chunk for page in pages for chunk in page]
    assert [chunk["position"] for chunk in chunks] == [0, 1, 2, 3, 4]
    assert [chunk["heading"] for chunk in chunks] == [f"Produto {number}" for number in range(5)]
    assert {chunk["text"] for chunk in chunks} == {PARAGRAPH.strip()}
    assert {chunk["characters"] for chunk in chunks} == {len(PARAGRAPH.strip())}


def test_a_prompt_and_a_failed_document_have_no_chunks(ana: Caller, assistant: dict[str, Any]) -> None:
    prompt = ana.upload(assistant["_id"], "Seja breve.", "p.md", "prompt")
    failed = ana.upload(assistant["_id"], b"no zip", "a.docx")

    for document in (prompt, failed):
        assert ana.get(f"/documents/chunks/{document['_id']}").json == []


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "cursor=-1", "cursor=x", "page=2"])
def test_a_page_that_cannot_be_had_is_named(ana: Caller, assistant: dict[str, Any], query: str) -> None:
    document = ana.upload(assistant["_id"], "Texto.", "a.md")

    response = ana.get(f"/documents/chunks/{document['_id']}?{query}")

    assert_error(response, 422, "validation_error", query.partition("=")[0])


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "chunks"), ("PUT", "cancel"), ("POST", "cancel"), ("PUT", "retry"), ("POST", "retry")],
)
def test_unknown_and_foreign_ids_are_one_and_the_same(
    gated: House, ana: Caller, assistant: dict[str, Any], method: str, path: str
) -> None:
    document, bruno = ana.upload(assistant["_id"], "Texto.", "a.md"), gated.newcomer("Bruno")
    ids = (document["_id"], *BAD_IDS)

    assert_same_not_found([bruno.request(method, f"/documents/{path}/{one}") for one in ids])

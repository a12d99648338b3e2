"""How fast documents become searchable."""

import statistics
import time
from collections.abc import Callable
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bench.children import cpu_seconds, stub_model
from bench.corpus import passages
from bench.installation import Running, running
from bench.scale import Scale
from bench.table import Row, Section, at_least, at_most
from tests.e2e.service import Service
from tests.fakes.files import pdf

_CHUNKS_PER_CPU_SECOND = 25
_SECONDS_AFTER_CHANGE = 1.0
_PASSAGES_PER_PAGE = 4
_FILENAME = "regulamento.pdf"
_SECRET = "Os ornitorrincos da portaria sul recebem visitas às quintas-feiras."
_QUESTION = "Quando os ornitorrincos da portaria sul recebem visitas?"
_CHANGES = 3
_PATIENCE_SECONDS = 600
_POLL_SECONDS = 0.2
_SHORT_POLL_SECONDS = 0.02


def run(folder: Path, scale: Scale) -> Section:
    """Upload dense pages, wait until a question finds the last one; then again with one paragraph changed."""
    pages = _pages(scale.pages)
    with stub_model(0) as model_url, running(folder, model_url) as ours:
        assistant = ours.service.make_assistant()
        figures = _measured(ours, assistant["_id"], _pdf(pages))
        figures["pdf_changed_seconds"] = _change_seconds(ours.service, assistant["_id"], _pdf, _FILENAME, pages)
        other = ours.service.make_assistant()["_id"]
        figures["text_changed_seconds"] = _change_seconds(ours.service, other, _text, "regulamento.md", pages)
    figures["tokens_per_chunk"] = _tokens(folder, pages) / figures["chunks"]
    rows = [
        at_least("chunks per CPU second", figures["chunks_per_cpu_second"], _CHUNKS_PER_CPU_SECOND),
        Row("seconds until it is searchable", f"{figures['seconds']:.1f}"),
        Row("chunks (tokens in each)", f"{figures['chunks']} ({figures['tokens_per_chunk']:.0f})"),
        Row("the database's CPU seconds", f"{figures['database_cpu_seconds']:.1f}"),
        at_most("one changed paragraph in it (s)", figures["pdf_changed_seconds"], _SECONDS_AFTER_CHANGE),
        at_most("one changed paragraph in Markdown (s)", figures["text_changed_seconds"], _SECONDS_AFTER_CHANGE),
    ]
    return Section(f"Ingestion of a PDF of {scale.pages} pages", rows, figures)


def _pdf(pages: list[str]) -> bytes:
    return pdf(*(escape(page, quote=False) for page in pages))


def _text(pages: list[str]) -> bytes:
    return "\n\n".join(pages).encode()


def _change_seconds(
    service: Service, assistant_id: str, make: Callable[[list[str]], bytes], filename: str, pages: list[str]
) -> float:
    """Seconds from the upload of a version with one paragraph changed until it is found; the median of several."""
    document = service.upload(assistant_id, make(pages), filename)
    _wait_until_ready(service, document["_id"])
    seconds = []
    for number in range(_CHANGES):
        secret = f"Na portaria sul os ornitorrincos recebem visitas no dia {number + 10} de cada mês."
        content = make([*pages[:-1], f"{pages[-1]}\n{secret}"])
        began = time.perf_counter()
        service.upload(assistant_id, content, filename)
        while secret not in _found(service, assistant_id, secret):
            time.sleep(_SHORT_POLL_SECONDS)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _found(service: Service, assistant_id: str, query: str) -> str:
    response = service.http.post(f"/assistants/search/{assistant_id}", json={"query": query, "limit": 3})
    return " ".join(" ".join(chunk["text"].split()) for chunk in response.json())


def _pages(count: int) -> list[str]:
    texts = passages()
    pages = ["\n".join(islice(texts, _PASSAGES_PER_PAGE)) for _ in range(count)]
    pages[-1] += f"\n{_SECRET}"
    return pages


def _measured(ours: Running, assistant_id: str, content: bytes) -> dict[str, Any]:
    service, watched = ours.service, (ours.process, ours.database)
    before, began = [cpu_seconds(process) for process in watched], time.perf_counter()
    document = service.upload(assistant_id, content, _FILENAME)
    chunks = _wait_until_ready(service, document["_id"])
    found = _found(service, assistant_id, _QUESTION)
    seconds = time.perf_counter() - began
    used, used_by_database = (cpu_seconds(one) - start for one, start in zip(watched, before, strict=True))
    if _SECRET not in found:
        raise RuntimeError("the document is not found")
    return {
        "chunks": chunks,
        "seconds": seconds,
        "cpu_seconds": used,
        "database_cpu_seconds": used_by_database,
        "chunks_per_cpu_second": chunks / used,
    }


def _wait_until_ready(service: Service, document_id: str) -> int:
    """The number of its chunks."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with service.http as http:
        while time.monotonic() < deadline:
            document = http.get(f"/documents/get/{document_id}").json()
            if document["status"] == "ready":
                return int(document["chunks"])
            if document["status"] == "failed":
                raise RuntimeError(document["error"])
            time.sleep(_POLL_SECONDS)
    raise TimeoutError(f"the document is not searchable after {_PATIENCE_SECONDS} s")


def _tokens(folder: Path, pages: list[str]) -> int:
    tokenizer = Tokenizer.from_file(str(next(folder.glob("data/models/*/tokenizer.json"))))
    return sum(len(tokenizer.encode(page).ids) for page in pages)

"""How fast documents become searchable."""

import time
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bench.children import cpu_seconds, stub_model
from bench.corpus import passages
from bench.installation import Running, running
from bench.scale import Scale
from bench.table import Row, Section, at_least
from tests.e2e.service import Service
from tests.fakes.files import pdf

_CHUNKS_PER_CPU_SECOND = 20
_PASSAGES_PER_PAGE = 4
_FILENAME = "regulamento.pdf"
_SECRET = "Os ornitorrincos da portaria sul recebem visitas às quintas-feiras."
_QUESTION = "Quando os ornitorrincos da portaria sul recebem visitas?"
_PATIENCE_SECONDS = 600
_POLL_SECONDS = 0.2


def run(folder: Path, scale: Scale) -> Section:
    """Upload one PDF of dense pages, and wait until a question is answered from its last one."""
    pages = _pages(scale.pages)
    content = pdf(*(escape(page, quote=False) for page in pages))
    with stub_model(0) as model_url, running(folder, model_url) as ours:
        figures = _measured(ours, content)
    figures["tokens_per_chunk"] = _tokens(folder, pages) / figures["chunks"]
    rows = [
        at_least("chunks per CPU second", figures["chunks_per_cpu_second"], _CHUNKS_PER_CPU_SECOND),
        Row("seconds until it is searchable", f"{figures['seconds']:.1f}"),
        Row("chunks (tokens in each)", f"{figures['chunks']} ({figures['tokens_per_chunk']:.0f})"),
        Row("the database's CPU seconds", f"{figures['database_cpu_seconds']:.1f}"),
    ]
    return Section(f"Ingestion of a PDF of {scale.pages} pages", rows, figures)


def _pages(count: int) -> list[str]:
    texts = passages()
    pages = ["\n".join(islice(texts, _PASSAGES_PER_PAGE)) for _ in range(count)]
    pages[-1] += f"\n{_SECRET}"
    return pages


def _measured(ours: Running, content: bytes) -> dict[str, Any]:
    service, watched = ours.service, (ours.process, ours.database)
    assistant = service.make_assistant()
    before, began = [cpu_seconds(process) for process in watched], time.perf_counter()
    document = service.upload(assistant["_id"], content, _FILENAME)
    chunks = _wait_until_ready(service, document["_id"])
    answered = service.say(assistant["api_key"], _QUESTION).json()
    seconds = time.perf_counter() - began
    used, used_by_database = (cpu_seconds(one) - start for one, start in zip(watched, before, strict=True))
    if [source["filename"] for source in answered["sources"]] != [_FILENAME]:
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

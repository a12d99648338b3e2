"""The service, with an assistant that knows something, in a folder of its own."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.children import database_of
from bench.corpus import passages
from tests.e2e.service import Service, launch

_CHUNKS_PER_DOCUMENT = 4
_UPLOADS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Running:
    """A service that is signed in to; `seconds` is how long it took until it was ready."""

    service: Service
    process: psutil.Process
    database: psutil.Process
    seconds: float

    @property
    def port(self) -> int:
        """Where it listens."""
        return httpx.URL(self.service.url).port or 80


@contextmanager
def running(folder: Path, model_url: str, threads: int = 64) -> Iterator[Running]:
    """Start the service of `folder`, with the model at `model_url`, and stop it at the end."""
    began = time.perf_counter()
    service = launch(
        folder, THREADS=threads, LLM_MODEL="stub", LLM_BASE_URL=model_url, LLM_API_KEY="none", LOG_LEVEL="WARNING"
    )
    seconds = time.perf_counter() - began
    try:
        service.sign_in()
        process = psutil.Process(service.process.pid)
        yield Running(service, process, database_of(process), seconds)
    finally:
        service.stop()


def make_assistant(service: Service, documents: int) -> dict[str, Any]:
    """A new assistant with `documents` documents of four chunks each."""
    assistant = service.make_assistant()
    texts = passages()
    contents = [_document(number, list(islice(texts, _CHUNKS_PER_DOCUMENT))) for number in range(documents)]

    def upload(number: int) -> None:
        service.upload(assistant["_id"], contents[number].encode(), f"documento {number:03}.md")

    with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as uploads:
        list(uploads.map(upload, range(documents)))
    return assistant


def _document(number: int, texts: list[str]) -> str:
    sections = [f"## Parte {part}\n\n{text}" for part, text in enumerate(texts, 1)]
    return "\n\n".join([f"# Documento {number}", *sections])

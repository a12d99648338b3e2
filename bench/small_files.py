"""How fast many small files become searchable, as when an operator drops a folder into the dashboard."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from bench.children import cpu_seconds, stub_model
from bench.corpus import passages
from bench.installation import running
from bench.scale import Scale
from bench.table import Row, Section, at_most

_FILE_CHARACTERS = 4_000
_PASSAGES_PER_FILE = 5
_UPLOADS_AT_ONCE = 4
_SECONDS = 15.0


def run(folder: Path, scale: Scale) -> Section:
    """Upload files of 4 kB, four at a time; each upload waits until its document is ready."""
    texts = passages()
    files = [_file(list(islice(texts, _PASSAGES_PER_FILE))) for _ in range(scale.small_files)]
    with stub_model(0) as model_url, running(folder, model_url) as ours:
        assistant_id = ours.service.make_assistant()["_id"]
        watched = (ours.process, ours.database)

        def upload(number: int) -> tuple[int, float]:
            """The chunks of a file, and the seconds until it was ready."""
            began = time.perf_counter()
            document = ours.service.upload(assistant_id, files[number], f"ficha {number:03}.txt")
            if document["status"] != "ready":
                raise RuntimeError(f"a small document is {document['status']} after its upload")
            return document["chunks"], time.perf_counter() - began

        before, began = [cpu_seconds(process) for process in watched], time.perf_counter()
        with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as uploads:
            chunks, waits = zip(*uploads.map(upload, range(len(files))), strict=True)
        seconds = time.perf_counter() - began
        used, by_database = (cpu_seconds(one) - start for one, start in zip(watched, before, strict=True))
    figures = {
        "files": len(files),
        "chunks": sum(chunks),
        "seconds": seconds,
        "wait_seconds_median": statistics.median(waits),
        "wait_seconds_slowest": max(waits),
        "cpu_seconds": used,
        "database_cpu_seconds": by_database,
    }
    rows = [
        at_most("seconds until all are searchable", seconds, _SECONDS),
        Row("chunks", str(sum(chunks))),
        Row("an upload's seconds, median (slowest)", f"{statistics.median(waits):.2f} ({max(waits):.2f})"),
        Row("the service's CPU seconds (the database's)", f"{used:.1f} ({by_database:.1f})"),
    ]
    title = f"Ingestion of {len(files)} files of 4 kB, {_UPLOADS_AT_ONCE} at a time"
    return Section(title, rows, figures)


def _file(paragraphs: list[str]) -> bytes:
    return "\n\n".join(paragraphs)[:_FILE_CHARACTERS].encode()

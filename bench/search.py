"""What a search costs, from a thousand chunks to a million, and what a thousand assistants take.

`python -m bench.search FOLDER CHUNKS` and `… FOLDER ASSISTANTS many` measure one size in a process of its own.
"""

import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.embedding import Embedder, ModelRegistry
from app.knowledge.index.assistant_index import IndexDependencies
from app.knowledge.index.background_tasks import BackgroundTasks
from app.knowledge.index.index_manifest import RowLocation
from app.knowledge.index.model_indexes import ModelIndexes
from app.knowledge.retriever import Retriever
from app.memory import bound_arenas
from bench.children import cpu_seconds, resident_mb
from bench.lookalikes import MODEL, KnownQuestions, Lookalikes, Sample, embedded_sample
from bench.scale import Scale
from bench.table import Row, Section, at_least, at_most
from tests.e2e.service import PROJECT, environment

_SAMPLE = "sample.pickle"
_QUESTIONS = 300
_WARMING_QUESTIONS = 50
_LIST_LENGTH = 100
_CHUNKS_PER_DOCUMENT = 500
_LARGE_DOCUMENT = 2_000
_CONTEXT_CHARACTERS = 6_000
_CPU_MS = {10_000: 1.5, 100_000: 6.0, 1_000_000: 10.0}
_RECALL = 0.97
_CHANGE_MS = 150
_CHUNKS_OF_A_SMALL_ASSISTANT = 500
_COLD_MS = 150
_MEMORY_BYTES = 64 * 2**20
_BUILD_SECONDS = 1_800


def run(folder: Path, embedder: Embedder, scale: Scale) -> Section:
    """Measure each size in a process of its own; `folder` is for their files."""
    (folder / _SAMPLE).write_bytes(pickle.dumps(embedded_sample(embedder, _QUESTIONS)))
    sizes = {chunks: _in_a_process(folder, str(chunks)) for chunks in scale.search_chunks}
    many = _in_a_process(folder, str(scale.assistants), "many")
    rows = [row for chunks, found in sizes.items() for row in _rows(chunks, found)] + _rows_of_many(many)
    return Section("Search (without the question's embedding)", rows, {"chunks": sizes, "assistants": many})


def _rows(chunks: int, found: dict[str, float]) -> list[Row]:
    name, limit = f"{chunks:,} chunks", _CPU_MS.get(chunks)
    cpu, recall = f"{name}: CPU ms, median", found["recall@10"]
    times = f"{found['p50_ms']:.2f}"
    return [
        at_most(cpu, found["p50_ms"], limit) if limit else Row(cpu, times),
        Row(f"{name}: CPU ms, 99th percentile", f"{found['p99_ms']:.2f}"),
        at_least(f"{name}: recall@10 of the vectors against exact", recall, _RECALL),
        at_most(f"{name}: CPU ms to change one of {found['document']:.0f}", found["change_ms"], _CHANGE_MS),
        Row(f"{name}: CPU seconds to build (lists)", f"{found['build_s']:.1f} ({found['lists_s']:.1f})"),
        Row(f"{name}: resident MB (files)", f"{found['resident_mb']:.0f} ({found['files_mb']:.0f})"),
    ]


def _rows_of_many(found: dict[str, float]) -> list[Row]:
    name = f"{found['assistants']:.0f} assistants of {_CHUNKS_OF_A_SMALL_ASSISTANT} chunks"
    return [
        at_most(f"{name}: ms to a cold one's first answer, slowest", found["cold_ms_slowest"], _COLD_MS),
        Row("  … median", f"{found['cold_ms']:.1f}"),
        at_most("  … without its files, median", found["anew_ms"], _COLD_MS),
        Row("  resident MB before, when all are built, when all were asked", _resident(found)),
    ]


def _resident(found: dict[str, float]) -> str:
    names = ("resident_mb_before", "resident_mb_built", "resident_mb")
    return ", ".join(f"{found[name]:.0f}" for name in names)


def _in_a_process(folder: Path, *arguments: str) -> dict[str, float]:
    finished = subprocess.run(
        [sys.executable, "-m", "bench.search", str(folder), *arguments],
        env=environment(PROJECT),
        capture_output=True,
        text=True,
        timeout=_BUILD_SECONDS,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(f"the search could not be measured: {finished.stderr.strip().splitlines()[-1]}")
    found: dict[str, float] = json.loads(finished.stdout)
    return found


def _one_assistant(folder: Path, sample: Sample, chunks: int) -> dict[str, float]:
    process, assistant = psutil.Process(), f"0-{chunks}"
    per_document = min(_LARGE_DOCUMENT if chunks > _LARGE_DOCUMENT else _CHUNKS_PER_DOCUMENT, chunks)
    source = Lookalikes(sample, per_document)
    retriever = Retriever(
        source, ModelRegistry(KnownQuestions(sample)), folder, _CONTEXT_CHARACTERS, memory_bytes=2**40
    )
    build = _cpu(process, lambda: retriever.refresh(assistant, 1))
    lists = _cpu(process, lambda: retriever.settle(_BUILD_SECONDS))
    times = _search_times(retriever, assistant, sample)
    resident = resident_mb(process)
    changes = [_cpu(process, lambda: _edit(retriever, source, assistant)) for _ in range(5)]
    retriever.close()
    return {
        "p50_ms": times[len(times) // 2],
        "p99_ms": times[int(0.99 * len(times))],
        "recall@10": _recall(folder, source, sample, chunks),
        "document": per_document,
        "change_ms": 1000 * statistics.median(changes),
        "build_s": build,
        "lists_s": lists,
        "resident_mb": resident,
        "files_mb": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6,
    }


def _search_times(retriever: Retriever, assistant: str, sample: Sample) -> list[float]:
    """CPU milliseconds of the thread that searches, sorted."""
    times = []
    for question in [*sample.questions[:_WARMING_QUESTIONS], *sample.questions]:
        before = time.thread_time()
        retriever.search(assistant, 1, question)
        times.append(1000 * (time.thread_time() - before))
    return sorted(times[_WARMING_QUESTIONS:])


def _edit(retriever: Retriever, source: Lookalikes, assistant: str) -> None:
    name = next(iter(source.indexed_documents(assistant, MODEL)))
    source.edited[name] = source.edited.get(name, 0) + 1
    retriever.refresh(assistant, 1 + source.edited[name])


def _recall(folder: Path, source: Lookalikes, sample: Sample, chunks: int) -> float:
    """The share of the ten nearest chunks that is among the ten found."""
    source.edited.clear()
    exact = _nearest_ten(source, sample, chunks)
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), BackgroundTasks())
    assistant = f"0-{chunks}"
    snapshot = ModelIndexes(assistant, folder / assistant, MODEL, dependencies).at(1)
    assert snapshot.vectors is not None
    allowed, found = snapshot.at(datetime.now(UTC)).allowed, 0
    for question, nearest in zip(sample.question_vectors, exact, strict=True):
        places = map(snapshot.manifest.locate, list(snapshot.vectors.search(question, _LIST_LENGTH, allowed))[:10])
        found += len({_chunk_of(place) for place in places} & set(nearest.tolist()))
    return found / (10 * len(exact))


def _chunk_of(place: RowLocation) -> int:
    return int(place.held.document_id.partition("-")[0]) + place.position


def _nearest_ten(source: Lookalikes, sample: Sample, chunks: int) -> NDArray[np.int64]:
    """The numbers of the chunks nearest to each question, by comparing it with all of them."""
    questions = sample.question_vectors
    cosines, numbers = np.empty((len(questions), 0), np.float32), np.empty((len(questions), 0), np.int64)
    first = 0
    for block in source.blocks(chunks):
        cosines = np.hstack([cosines, questions @ block.T])
        numbers = np.hstack([numbers, np.tile(np.arange(first, first + len(block)), (len(questions), 1))])
        best = np.argpartition(-cosines, 9, axis=1)[:, :10]
        cosines, numbers = np.take_along_axis(cosines, best, 1), np.take_along_axis(numbers, best, 1)
        first += len(block)
    return numbers


def _many_assistants(folder: Path, sample: Sample, assistants: int) -> dict[str, float]:
    process, source = psutil.Process(), Lookalikes(sample, _CHUNKS_OF_A_SMALL_ASSISTANT)
    names = [
        f"{start}-{start + _CHUNKS_OF_A_SMALL_ASSISTANT}"
        for start in range(0, assistants * _CHUNKS_OF_A_SMALL_ASSISTANT, _CHUNKS_OF_A_SMALL_ASSISTANT)
    ]
    before = resident_mb(process)
    anew = _first_answers(folder, source, sample, names)
    built = resident_mb(process)
    cold = _first_answers(folder, source, sample, names)
    return {
        "assistants": assistants,
        "anew_ms": statistics.median(anew),
        "cold_ms": statistics.median(cold),
        "cold_ms_slowest": max(cold),
        "resident_mb_before": before,
        "resident_mb_built": built,
        "resident_mb": resident_mb(process),
    }


def _first_answers(folder: Path, source: Lookalikes, sample: Sample, names: list[str]) -> list[float]:
    """Milliseconds until each assistant has answered for the first time, in a retriever that knows none yet."""
    embedders = ModelRegistry(KnownQuestions(sample))
    retriever = Retriever(source, embedders, folder, _CONTEXT_CHARACTERS, memory_bytes=_MEMORY_BYTES)
    times = []
    for place, name in enumerate(names):
        before = time.perf_counter()
        retriever.search(name, 1, sample.questions[place % len(sample.questions)])
        times.append(1000 * (time.perf_counter() - before))
    retriever.close()
    return times


def _cpu(process: psutil.Process, work: Callable[[], object]) -> float:
    before = cpu_seconds(process)
    work()
    return cpu_seconds(process) - before


def main() -> None:
    """Measure one size, and print its figures as JSON."""
    folder, count, *many = sys.argv[1:]
    bound_arenas()
    sample: Sample = pickle.loads(Path(folder, _SAMPLE).read_bytes())
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        measured = _many_assistants if many else _one_assistant
        print(json.dumps(measured(Path(scratch), sample, int(count))))


if __name__ == "__main__":
    main()

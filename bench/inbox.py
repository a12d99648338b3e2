"""What operators cost who look every two seconds, and lists and searches of many chats: `python -m bench.inbox`.

CPU times are of the service and its database together.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psutil

from app.knowledge.embedding import open_embedder
from bench.children import cpu_seconds, database_of, stub_model
from bench.growth import fill
from bench.table import Row, Section, at_most, render
from tests.e2e.service import Service, launch

SIZES = (1_000, 20_000, 100_000)
_OPERATORS, _EVERY_SECONDS, _LOOKED_FOR_SECONDS = 50, 2, 20
_MOST_PERCENT = 5
_PAGES = 15
_GROWTH = 2.0
_PATIENCE_SECONDS = 60
_PATHS = {
    "/conversations/list": "/conversations/list?limit=50",
    "… ?unread=true": "/conversations/list?limit=50&unread=true",
    "… ?q=, one old name": "/conversations/list?limit=50&q=zuleica",
    "/chats/search, a word of all chats": "/chats/search?limit=30&q=entrega",
    "/chats/search, a word of one": "/chats/search?limit=30&q=cacareco",
}


def run(folder: Path, sizes: tuple[int, ...]) -> Section:
    """Fill a service's database step by step, and measure at each."""
    pages: dict[str, dict[int, float]] = {name: {} for name in _PATHS}
    looking: dict[int, float] = {}
    place = folder / "inbox"
    (place / "data").mkdir(parents=True)
    (place / "data" / "models").symlink_to(folder / "data" / "models")
    with stub_model(0) as model_url, _service(place, model_url) as (service, processes):
        assistant = service.make_assistant()
        _oldest(service, assistant["api_key"])
        stored = 0
        for size in sizes:
            fill(place, assistant, size - stored)
            stored = size
            time.sleep(3)
            for name, path in _PATHS.items():
                pages[name][size] = _page_ms(service, path, processes)
            looking[size] = _percent(service, processes)
    lines = [Row(f"{name}, CPU ms a page at … chats", _by_size(by_size)) for name, by_size in pages.items()]
    what = f"{_OPERATORS} operators who look every {_EVERY_SECONDS} s at {{:,}} chats, of one core"
    lines += [at_most(what.format(size), percent, _MOST_PERCENT, "%") for size, percent in looking.items()]
    for fewer, more in pairwise(sizes[1:]):  # the first is less than what a page looks through
        for name, by_size in pages.items():
            what = f"{name}: {more:,} to {fewer:,} chats"
            lines.append(at_most(what, by_size[more] / by_size[fewer], _GROWTH, "×"))
    return Section("Inbox", lines, {"page_cpu_ms": pages, "looking_percent": looking})


@contextmanager
def _service(folder: Path, model_url: str) -> Iterator[tuple[Service, list[psutil.Process]]]:
    service = launch(
        folder,
        LLM_MODEL="stub",
        LLM_BASE_URL=model_url,
        LLM_API_KEY="none",
        LOG_LEVEL="WARNING",
        RATE_LIMIT_READS="100000/minute",
    )
    try:
        service.sign_in()
        process = psutil.Process(service.process.pid)
        yield service, [process, database_of(process)]
    finally:
        service.stop()


def _oldest(service: Service, api_key: str) -> None:
    """A conversation that is older than all that are filled in, with a name and a word of its own."""
    body: dict[str, Any] = {"id": "+5500", "message_service": "Whatsapp", "username": "Zuleica"}
    with httpx.Client(base_url=service.url, headers={"X-API-Key": api_key}, verify=False) as client:
        client.post("/chats/enviarMensagemLLM", json={**body, "message": "Um cacareco"}).raise_for_status()


def _page_ms(service: Service, path: str, processes: list[psutil.Process]) -> float:
    with service.http as client:
        client.get(path).raise_for_status()
        before = sum(map(cpu_seconds, processes))
        for _ in range(_PAGES):
            client.get(path).raise_for_status()
        return 1000 * (sum(map(cpu_seconds, processes)) - before) / _PAGES


def _percent(service: Service, processes: list[psutil.Process]) -> float:
    """How much of one core they take, beyond what the service takes by itself; nothing happens meanwhile."""
    before = sum(map(cpu_seconds, processes))
    time.sleep(_LOOKED_FOR_SECONDS)
    idle = sum(map(cpu_seconds, processes)) - before
    began, pause = time.monotonic(), _EVERY_SECONDS / _OPERATORS
    with service.http as client:
        etag = client.get("/conversations/list").headers["ETag"]
        before = sum(map(cpu_seconds, processes))
        for number in range(_LOOKED_FOR_SECONDS * _OPERATORS // _EVERY_SECONDS):
            answer = client.get("/conversations/list", headers={"If-None-Match": etag})
            etag = answer.headers["ETag"]
            time.sleep(max(0.0, began + number * pause - time.monotonic()))
        used = sum(map(cpu_seconds, processes)) - before - idle
    return 100 * used / _LOOKED_FOR_SECONDS


def _by_size(pages: dict[int, float]) -> str:
    return " | ".join(f"{size:,}: {cost:.1f}" for size, cost in pages.items())


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.inbox", description=__doc__)
    parser.add_argument("--chats", type=int, nargs="+", default=list(SIZES))
    sizes = tuple(parser.parse_args().chats)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_embedder("bundled", None, None, folder / "data", _PATIENCE_SECONDS)
        print(render([run(folder, sizes)]))


if __name__ == "__main__":
    main()

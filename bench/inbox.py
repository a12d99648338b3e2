"""What operators cost who look every two seconds, and lists and searches of many chats: `python -m bench.inbox`.

CPU times are of the service and its database together.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil

from app.embedded_database import running_uri
from app.knowledge.embedding import open_embedder
from app.repositories.mongo import connect
from bench.children import cpu_seconds, database_of
from bench.many_conversations import CHATS_EACH, Place, fill
from bench.table import Row, Section, at_most, render
from tests.e2e.service import PASSWORD, Service, launch

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 3
_OPERATORS, _EVERY_SECONDS, _LOOKED_FOR_SECONDS = 50, 2, 20
_MOST_PERCENT = 5
_PAGES = 15
_MOST_WALKS = 100
_GROWTH = 1.5
_PATIENCE_SECONDS = 60
_LIST = "/conversations/list?limit=50"
# {0} is the assistant, {1} the label, {2} a conversation.
_PATHS = {
    "/conversations/list": _LIST,
    "… of an assistant": f"{_LIST}&assistant_id={{0}}",
    "… ?active=false": f"{_LIST}&active=false",
    "… ?answering=person": f"{_LIST}&answering=person",
    "… ?answering=waiting_for_person": f"{_LIST}&answering=waiting_for_person",
    "… ?label_id=": f"{_LIST}&label_id={{1}}",
    "… ?label_id=, ?active=false": f"{_LIST}&label_id={{1}}&active=false",
    "… ?unread=true, nothing read": f"{_LIST}&unread=true",
    "… ?q=, a few old names": f"{_LIST}&q=zuleica",
    "… ?q=, a name of everybody": f"{_LIST}&q=maria",
    "/conversations/get, its turns": "/conversations/get/{2}?limit=40",
    "/chats/search, a word of all chats": "/chats/search?limit=30&q=prazo",
    "/chats/search, a word of few": "/chats/search?limit=30&q=cacareco",
    "/chats/search, two words of many, never in one": "/chats/search?limit=30&q=frete garantia",
    "/conversations/presence": "/conversations/presence/{2}",
}
_ALL_READ = "… ?unread=true, everything read"
_MARK = "/conversations/read"


def run(folder: Path, sizes: tuple[int, ...], rounds: int = 1) -> Section:
    """Fill a service's database step by step, and measure at each; of the rounds of looking the cheapest counts."""
    place = folder / "inbox"
    (place / "data").mkdir(parents=True)
    (place / "data" / "models").symlink_to(folder / "data" / "models")
    with started(place) as (service, processes):
        where, operators = prepare(service)
        pages: dict[str, dict[int, float]] = {}
        stored = 0
        for size in sizes:
            database = connect(running_uri(place / "data") or "")
            fill(database, where, stored, size // CHATS_EACH)
            database.client.close()
            stored = size // CHATS_EACH
            time.sleep(3)
            for name, cost in pages_ms(service, where, operators[0], processes).items():
                pages.setdefault(name, {})[size] = cost
        looking = min(percent(service, operators, processes) for _ in range(rounds))
    return section(pages, looking)


def section(pages: dict[str, dict[int, float]], looking: float) -> Section:
    """What was measured, as lines: CPU ms a page by the number of chats, and how much of a core looking takes."""
    lines = [
        at_most(
            f"{_OPERATORS} operators who look every {_EVERY_SECONDS} s, of one core", looking, _MOST_PERCENT, "%"
        )
    ]
    for name, by_size in pages.items():
        shown = " | ".join(f"{size:,}: {cost:.1f}" for size, cost in by_size.items())
        lines.append(Row(f"{name}, CPU ms at … chats", shown))
        fewest, most = min(by_size), max(by_size)
        if most > fewest:
            lines.append(at_most(f"  {most:,} to {fewest:,} chats", by_size[most] / by_size[fewest], _GROWTH, "×"))
    return Section("Inbox", lines, {"page_cpu_ms": pages, "looking_percent": looking})


@contextmanager
def started(folder: Path) -> Iterator[tuple[Service, list[psutil.Process]]]:
    """A service on a folder with its first user signed in, and its processes: its own, and the database's."""
    service = launch(folder, LOG_LEVEL="WARNING")
    try:
        service.sign_in()
        process = psutil.Process(service.process.pid)
        yield service, [process, database_of(process)]
    finally:
        service.stop()


def prepare(service: Service) -> tuple[Place, list[str]]:
    """An assistant with a label, a chat with a word of its own, and the tokens of its operators."""
    assistant = service.make_assistant()
    tokens, ids = [], []
    with service.http as client:
        label = client.post(
            f"/assistants/labels/{assistant['_id']}", json={"name": "VIP", "color": "#000000"}
        ).json()
        for number in range(_OPERATORS):
            account = {"email": f"operator-{number}@example.com", "password": PASSWORD}
            client.post("/auth/register", json={"name": f"Operator {number}", **account}).raise_for_status()
            signed_in = client.post("/auth/login", json=account).json()
            member = {"email": account["email"], "role": "operator"}
            client.put(f"/assistants/members/{assistant['_id']}", json=member).raise_for_status()
            tokens.append(signed_in["token"])
            ids.append(signed_in["user"]["id"])
    service.say(assistant["api_key"], "Um cacareco").raise_for_status()
    return Place(assistant["_id"], assistant["owner_id"], label["_id"], ids[0]), tokens


def pages_ms(service: Service, place: Place, reader: str, processes: list[psutil.Process]) -> dict[str, float]:
    """CPU ms of a page of each list; `reader` is the token of the operator who has read everything."""
    taken = {}
    with service.http as client:
        newest = client.get(_LIST).json()[0]["_id"]
        for name, path in _PATHS.items():
            taken[name] = _request_ms(
                client, "GET", path.format(place.assistant_id, place.label_id, newest), processes
            )
        taken[_MARK] = _request_ms(client, "POST", f"{_MARK}/{newest}", processes, json={})
    with httpx.Client(base_url=service.url, headers=_bearer(reader), timeout=60, verify=False) as client:
        _walk(client, f"{_LIST}&unread=true")
        taken[_ALL_READ] = _request_ms(client, "GET", f"{_LIST}&unread=true", processes)
    return taken


def _request_ms(
    client: httpx.Client, method: str, path: str, processes: list[psutil.Process], **body: Any
) -> float:
    client.request(method, path, **body).raise_for_status()
    before = sum(map(cpu_seconds, processes))
    for _ in range(_PAGES):
        client.request(method, path, **body).raise_for_status()
    return 1000 * (sum(map(cpu_seconds, processes)) - before) / _PAGES


def _walk(client: httpx.Client, path: str) -> None:
    """To the end of a list, as a person's first look for what they have not read goes."""
    for _ in range(_MOST_WALKS):
        answer = client.get(path)
        answer.raise_for_status()
        if "next" not in answer.links:
            return
        path = answer.links["next"]["url"]


def percent(service: Service, tokens: list[str], processes: list[psutil.Process]) -> float:
    """How much of one core operators take who look as the dashboard does, beyond what the service takes by itself.

    Each has a connection; nothing happens meanwhile.
    """
    before = sum(map(cpu_seconds, processes))
    time.sleep(_LOOKED_FOR_SECONDS)
    idle = sum(map(cpu_seconds, processes)) - before
    path = httpx.URL("/conversations/list", params={"changed_since": datetime.now(UTC).isoformat(), "limit": 200})
    with ExitStack() as closing:
        operators = [
            closing.enter_context(
                httpx.Client(base_url=service.url, headers=_bearer(token), timeout=_PATIENCE_SECONDS, verify=False)
            )
            for token in tokens
        ]
        for operator in operators:
            operator.headers["If-None-Match"] = operator.get(path).headers["ETag"]
        time.sleep(1)
        before, began = sum(map(cpu_seconds, processes)), time.monotonic()
        for number in range(_LOOKED_FOR_SECONDS * len(operators) // _EVERY_SECONDS):
            answer = operators[number % len(operators)].get(path)
            if answer.status_code != httpx.codes.NOT_MODIFIED:
                answer.raise_for_status()
            due = began + (number + 1) * _EVERY_SECONDS / len(operators)
            time.sleep(max(0.0, due - time.monotonic()))
        used, seconds = sum(map(cpu_seconds, processes)) - before, time.monotonic() - began
    return 100 * (used / seconds - idle / _LOOKED_FOR_SECONDS)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.inbox", description=__doc__)
    parser.add_argument("--chats", type=int, nargs="+", default=list(SIZES))
    sizes = tuple(parser.parse_args().chats)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_embedder("bundled", None, None, folder / "data", _PATIENCE_SECONDS)
        print(render([run(folder, sizes, ROUNDS)]))


if __name__ == "__main__":
    main()

"""Documents under stress: killing the service loses none and does no work twice; small ones wait for no big one."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from tests.e2e.service import Service, running
from tests.fakes.files import pdf
from tests.stress.victim import Victim

pytestmark = [pytest.mark.stress, pytest.mark.timeout(1800)]

KILLS = 25
LONGEST_LIFE_SECONDS = 4.0
UPLOADERS = 3
SMALL_DOCUMENTS = 1000
BIG_PAGES = 500
GIVE_UP_SECONDS = 600
PARAGRAPH = "O produto número {0} custa R$ {0},90 e chega em {1} dias úteis, com garantia de um ano na loja. " * 6


def text_of(number: int, pieces: int) -> str:
    """A document that is cut into so many pieces."""
    return "\n".join(f"# Item {number}-{one}\n{PARAGRAPH.format(number, one)}" for one in range(pieces))


@dataclass
class Uploads:
    """People who upload until they are told to stop; `accepted` has the pieces of each document by its id."""

    victim: Victim
    assistant_id: str
    stop: Event = field(default_factory=Event)
    accepted: dict[str, int] = field(default_factory=dict)

    def upload(self, uploader: int) -> None:
        """What one of them does."""
        number = 0
        while not self.stop.is_set():
            number += 1
            pieces = random.choice([1, 3, 150])
            name, text = f"{uploader}-{number}.md", text_of(number, pieces)
            try:
                document = self.victim.service.upload(self.assistant_id, text.encode(), name)
                self.accepted[document["_id"]] = pieces
            except httpx.TransportError:
                time.sleep(0.3)


def test_what_was_accepted_becomes_searchable_however_often_the_service_is_killed(
    place: Path, record_property: Callable[[str, object], None]
) -> None:
    with Victim(place) as victim:
        uploads = Uploads(victim, victim.service.make_assistant()["_id"])
        with ThreadPoolExecutor(UPLOADERS) as people:
            uploading = [people.submit(uploads.upload, number) for number in range(UPLOADERS)]
            try:
                for _ in range(KILLS):
                    time.sleep(random.uniform(0, LONGEST_LIFE_SECONDS))
                    victim.kill_and_restart()
            finally:
                uploads.stop.set()
        for one in uploading:
            one.result()
        documents = wait_until_done(victim.service)
        chunks = {one: chunks_of(victim.service, one) for one in uploads.accepted}
    assert [document for document in documents if document["status"] != "ready"] == []
    assert {one: len(found) for one, found in chunks.items()} == uploads.accepted
    assert all(len({chunk["heading"] for chunk in found}) == len(found) for found in chunks.values())
    figures = {"kills": KILLS, "documents": len(uploads.accepted), "chunks": sum(uploads.accepted.values())}
    record_property("ingestion_kills", {**figures, "lost": 0, "doubled": 0})


def test_a_thousand_small_documents_do_not_wait_for_a_big_one(
    place: Path, record_property: Callable[[str, object], None]
) -> None:
    page = "\n".join(PARAGRAPH.format(number, number) for number in range(4))
    big_file = pdf(*(f"{page} Página {number}." for number in range(BIG_PAGES)))
    with running(place) as service:
        assistant_id = service.make_assistant()["_id"]
        began = time.monotonic()
        big = service.upload(assistant_id, big_file, "regulamento.pdf")

        def upload(number: int) -> float:
            sent = time.monotonic()
            document = service.upload(assistant_id, text_of(number, 1).encode(), f"{number}.md")
            assert document["status"] == "ready", document
            return time.monotonic() - sent

        with ThreadPoolExecutor(4) as people:
            waited = sorted(people.map(upload, range(SMALL_DOCUMENTS)))
        small_seconds = time.monotonic() - began
        status = service.http.get(f"/documents/get/{big['_id']}").json()
        documents = wait_until_done(service)
        big_seconds = time.monotonic() - began
    assert {document["status"] for document in documents} == {"ready"}
    # Each small one waits for its turn among small ones, a fraction of what the big one takes.
    assert waited[-1] < big_seconds / 2
    record_property(
        "small_beside_big",
        {
            "small": SMALL_DOCUMENTS,
            "small_seconds_median": round(waited[len(waited) // 2], 2),
            "small_seconds_slowest": round(waited[-1], 2),
            "all_small_seconds": round(small_seconds, 1),
            "big_progress_when_all_small_were_ready": status["progress"],
            "big_seconds": round(big_seconds, 1),
        },
    )


def wait_until_done(service: Service) -> list[dict[str, Any]]:
    """All documents, once none of them is being worked on."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    with service.http as http:
        while time.monotonic() < deadline:
            documents = pages(http, "/documents/list?limit=500")
            if not any(document["status"] in {"pending", "indexing"} for document in documents):
                return documents
            time.sleep(1)
    raise AssertionError([document for document in documents if document["status"] != "ready"])


def chunks_of(service: Service, document_id: str) -> list[dict[str, Any]]:
    with service.http as http:
        return pages(http, f"/documents/chunks/{document_id}?limit=500")


def pages(http: httpx.Client, path: str) -> list[dict[str, Any]]:
    response = http.get(path)
    found = list(response.json())
    while "next" in response.links:
        response = http.get(response.links["next"]["url"])
        found += response.json()
    return found

"""kill -9 at bad moments: what was acknowledged is there, what was deleted stays gone, the rest can be repeated."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.service import Service, launch

TEXT = "\n\n".join(f"# Produto {n}\n\nO produto número {n} custa R$ {n},90 e pesa {n} quilos." for n in range(300))


def restarted(place: Path, killed: Service) -> Service:
    killed.kill()
    service = launch(place)
    service.token = killed.token
    return service


def in_background(request: Any, *arguments: Any) -> threading.Thread:
    """Make a request that will not be answered."""

    def run() -> None:
        with suppress(httpx.TransportError, AssertionError):
            request(*arguments)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_upload_cut_off_while_it_is_indexed_is_finished_after_the_restart(place: Path) -> None:
    service = launch(place)
    service.sign_in()
    assistant = service.make_assistant()
    uploading = in_background(service.upload, assistant["_id"], TEXT.encode(), "precos.md")
    document = wait_for_document(service, assistant["_id"])
    service = restarted(place, service)
    uploading.join()
    try:
        while document["status"] in {"pending", "indexing"}:
            time.sleep(0.2)
            document = service.http.get(f"/documents/get/{document['_id']}").json()
        assert document["status"] == "ready"
        assert service.http.get(f"/documents/download/{document['_id']}").content == TEXT.encode()
        answer = service.say(assistant["api_key"], "Quanto custa o produto número 217?").json()
        assert "R$ 217,90" in answer["response"]
        assert len(service.http.get("/documents/list").json()) == 1
    finally:
        service.stop()


@pytest.mark.stress
def test_usage_counts_each_message_once(place: Path) -> None:
    service = launch(place)
    service.sign_in()
    key, answered = service.make_assistant()["api_key"], 0
    for number in range(3):
        for _ in range(5):
            answered += service.say(key, "Oi", f"+55{number}").status_code == 200
        cut_off = in_background(service.say, key, "Oi", "+559")
        reading = in_background(service.http.get, "/usage")  # which begins to count what came before
        service = restarted(place, service)
        cut_off.join()
        reading.join()
    try:
        chats = service.http.get("/chats/list").json()
        (usage,) = service.http.get("/usage").json()
        assert (usage["messages"], answered) == (len(chats), 15)
        assert usage["answered"] + usage["failed"] == len(chats)
        assert usage["answered"] == sum(bool(chat["response"]) for chat in chats)
    finally:
        service.stop()


@pytest.mark.stress
def test_a_replacement_cut_off_leaves_the_old_or_the_new(place: Path) -> None:
    service = launch(place)
    service.sign_in()
    assistant = service.make_assistant()
    old = "O frete custa R$ 10,00 para todo o Brasil."
    service.upload(assistant["_id"], old.encode(), "frete.md")
    new = old.replace("10,00", "25,00") + "\n\n" + TEXT
    uploading = in_background(service.upload, assistant["_id"], new.encode(), "frete.md")
    while service.http.get("/documents/list").json()[0]["size"] == len(old.encode()):
        time.sleep(0.01)
    service = restarted(place, service)
    uploading.join()
    try:
        answers = set()
        document = service.http.get("/documents/list").json()[0]
        while document["status"] != "ready":
            answers.add(service.say(assistant["api_key"], "Quanto custa o frete?").json()["response"])
            document = service.http.get(f"/documents/get/{document['_id']}").json()
        assert all("R$ 10,00" in answer or "R$ 25,00" in answer for answer in answers)
        assert "R$ 25,00" in service.say(assistant["api_key"], "Quanto custa o frete?").json()["response"]
    finally:
        service.stop()


def test_an_assistant_whose_deletion_was_cut_off_stays_gone(place: Path) -> None:
    service = launch(place)
    service.sign_in()
    assistant = service.make_assistant()
    for number in range(5):
        service.upload(assistant["_id"], f"Documento {number}.".encode(), f"d{number}.txt")
    for _ in range(30):
        service.say(assistant["api_key"], "Oi, tudo bem?")
    deleting = in_background(service.http.delete, f"/assistants/delete/{assistant['_id']}")
    while service.http.get(f"/assistants/get/{assistant['_id']}").status_code == 200:
        pass
    service = restarted(place, service)
    deleting.join()
    try:
        assert service.http.get(f"/assistants/get/{assistant['_id']}").status_code == 404
        assert service.http.get("/assistants/list").json() == []
        assert service.http.get("/documents/list").json() == []
        assert service.http.get("/chats/list").json() == []
        assert service.say(assistant["api_key"], "Oi?").status_code == 401
        deadline = time.monotonic() + 30
        while (place / "documents" / assistant["_id"]).exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not (place / "documents" / assistant["_id"]).exists()
    finally:
        service.stop()


def wait_for_document(service: Service, assistant_id: str) -> dict[str, Any]:
    while True:
        found = service.http.get("/documents/list", params={"assistant_id": assistant_id}).json()
        if found and found[0]["status"] == "indexing":
            return dict(found[0])
        time.sleep(0.01)

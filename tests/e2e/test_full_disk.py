"""A full disk: 503 with Retry-After, a log that can be read, nothing lost, and work again when there is room."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.e2e.service import Service
from tests.e2e.small_disk import SmallDisk, require_namespaces, running_on_small_disk

PATIENCE_SECONDS = 60.0
FACT = b"O frete custa R$ 20."


pytestmark = pytest.mark.stress


@pytest.fixture(autouse=True)
def _needs_namespaces() -> None:
    require_namespaces()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)


def upload(service: Service, assistant_id: str, name: str) -> httpx.Response:
    form = {"type": "rag", "assistant_id": assistant_id}
    return service.http.post("/documents/add", files={"file": (name, FACT * 200)}, data=form)


def assert_full(response: httpx.Response) -> None:
    assert (response.status_code, response.json()["code"]) == (503, "disk_full"), response.text
    assert int(response.headers["Retry-After"]) > 0


def is_ready(service: Service) -> bool:
    return service.http.get("/ready").status_code == 200


def errors_in(log: Path) -> list[str]:
    lines = log.read_text().splitlines()
    assert [line for line in lines if not line.startswith("20")] == [], "a traceback"
    return [line for line in lines if " ERROR " in line or " WARNING " in line]


def break_database(disk: SmallDisk) -> None:
    """Have the database accept more than there is room for, as it would for some messages under way."""
    with MongoClient[dict[str, Any]]((disk.folder / "database" / "uri").read_text()) as connection:

        def is_broken() -> bool:
            try:
                connection.elsewhere.rows.insert_one({"text": "x" * 100_000})
                connection.admin.command("fsync")
            except PyMongoError:
                pass
            try:
                connection.orquestradora.chats.find_one()
            except PyMongoError:
                return True
            return False

        until(is_broken)


def test_a_full_data_dir(place: Path) -> None:
    with running_on_small_disk(place, "data") as disk:
        service = disk.service
        assistant = service.make_assistant()
        service.upload(assistant["_id"], FACT, "frete.txt")
        kept = service.say(assistant["api_key"], "Quanto custa o frete?").json()
        disk.fill()

        for _ in range(8):
            assert_full(service.say(assistant["api_key"], "Oi?"))
            assert_full(upload(service, assistant["_id"], "outro.txt"))
            ready = service.http.get("/ready")
            assert (ready.status_code, ready.json()["error"]) == (503, "Not ready: disk.")
            assert service.http.get("/health").status_code == 200
            assert service.http.get(f"/chats/get/{kept['_id']}").json() == kept
        service.sign_in()
        deactivated = service.http.put(f"/chats/desativar/{kept['_id']}")
        assert deactivated.status_code == 200, deactivated.text

        break_database(disk)
        for _ in range(8):
            assert_full(service.say(assistant["api_key"], "Oi?"))
            assert_full(service.http.get(f"/chats/get/{kept['_id']}"))
            assert service.http.get("/ready").status_code == 503
            assert service.http.get("/health").status_code == 200
        assert len(errors_in(place / "stderr")) < 20

        disk.free()
        until(lambda: is_ready(service))
        assert service.http.get(f"/chats/get/{kept['_id']}").json() == {**kept, "active": False}
        assert service.say(assistant["api_key"], "Quanto é o frete?", channel="+5513000000000").status_code == 200
        added = upload(service, assistant["_id"], "outro.txt")
        assert added.status_code == 201, added.text
        until(lambda: {one["status"] for one in service.http.get("/documents/list").json()} == {"ready"})
    assert len(errors_in(place / "stderr")) < 30


def test_a_full_documents_dir(place: Path) -> None:
    with running_on_small_disk(place, "documents") as disk:
        service = disk.service
        assistant = service.make_assistant()
        service.upload(assistant["_id"], FACT, "frete.txt")
        disk.fill()

        for number in range(10):
            assert_full(upload(service, assistant["_id"], f"{number}.txt"))
            ready = service.http.get("/ready")
            assert (ready.status_code, ready.json()["error"]) == (503, "Not ready: disk.")
        assert service.say(assistant["api_key"], "Quanto custa o frete?").status_code == 200
        assert [one["filename"] for one in service.http.get("/documents/list").json()] == ["frete.txt"]
        assert len(errors_in(place / "stderr")) < 5

        disk.free()
        assert is_ready(service)
        assert upload(service, assistant["_id"], "outro.txt").status_code == 201

"""GET /health and GET /ready"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded_database import EmbeddedDatabase
from app.repositories.mongo import connect
from tests.api.house import Caller, House, assert_error, open_house

FAST = "&serverSelectionTimeoutMS=300&connectTimeoutMS=300"


def test_health_answers(anyone: Caller) -> None:
    response = anyone.get("/health")

    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_ready_when_everything_works(anyone: Caller) -> None:
    response = anyone.get("/ready")

    assert (response.status_code, response.json) == (200, {"status": "ready"})


def test_neither_tells_versions(anyone: Caller) -> None:
    for path in ("/health", "/ready"):
        response = anyone.get(path)
        assert "version" not in response.text
        assert {"Server", "X-Powered-By"} & set(response.headers.keys()) == set()


@pytest.fixture
def cut_off(tmp_path: Path) -> Iterator[House]:
    """A service whose database has gone away."""
    database = EmbeddedDatabase(tmp_path / "database")
    connection = connect(database.start() + FAST, "orquestradora")
    with open_house(connection, tmp_path) as house:
        house.register("Ada", "ada@example.com")
        database.stop()
        yield house
    connection.client.close()


def test_without_its_database_it_says_so_and_lives_on(cut_off: House) -> None:
    anyone = cut_off.anyone()

    response = anyone.get("/ready")

    assert response.status_code == 503
    body = response.json or {}
    assert body["code"] == "not_ready"
    assert "database" in body["error"]
    assert anyone.get("/health").status_code == 200
    login = anyone.post("/auth/login", {"email": "ada@example.com", "password": "x"})
    assert_error(login, 503, "database_unavailable")
    assert int(login.headers["Retry-After"]) > 0


def test_without_its_documents_folder_it_says_so(house: House, anyone: Caller) -> None:
    away = house.documents.rename(house.documents.with_name("away"))
    try:
        response = anyone.get("/ready")
    finally:
        shutil.move(away, house.documents)

    assert response.status_code == 503
    assert "knowledge" in (response.json or {})["error"]
    assert str(house.documents) not in response.text

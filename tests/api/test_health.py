"""GET /health and GET /ready"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ModelUnavailableError
from app.embedded_database import EmbeddedDatabase
from app.knowledge.embedding.query_cache import QueryCache
from app.repositories.mongo import connect
from tests.api.house import Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database
from tests.fakes.embedder import HashingEmbedder

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


class Flickering(HashingEmbedder):
    """An embedding server that can be switched off."""

    is_on = True

    def embed_query(self, text: str) -> Any:
        self._require_on()
        return super().embed_query(text)

    def embed_passages(self, texts: Sequence[str]) -> Any:
        self._require_on()
        return super().embed_passages(texts)

    def _require_on(self) -> None:
        if not self.is_on:
            raise ModelUnavailableError("The embedding server could not be reached.")


def test_without_its_embedding_server_it_says_so_at_once(database_uri: str, tmp_path: Path) -> None:
    """Though the answers to earlier questions are remembered."""
    server = Flickering()
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, embedder=QueryCache(server)) as house,
    ):
        anyone = house.anyone()
        statuses = []
        for server.is_on in (True, False, True):
            statuses.append(anyone.get("/ready").status_code)
            if not server.is_on:
                assert "embedding model" in (anyone.get("/ready").json or {})["error"]

    assert statuses == [200, 503, 200]


def test_without_its_documents_folder_it_says_so(house: House, anyone: Caller) -> None:
    away = house.documents.rename(house.documents.with_name("away"))
    try:
        response = anyone.get("/ready")
    finally:
        shutil.move(away, house.documents)

    assert response.status_code == 503
    assert "knowledge" in (response.json or {})["error"]
    assert str(house.documents) not in response.text

"""Whose requests get a thread: nobody's takes all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.house import Caller, House, open_house
from tests.fakes.database import scratch_database


@pytest.fixture
def small_house(database_uri: str, tmp_path: Path) -> Iterator[House]:
    """A service with four threads, of which a person may have two."""
    with scratch_database(database_uri) as database, open_house(database, tmp_path, THREADS=4) as house:
        house.register("Ada", "ada@example.com")
        yield house


def test_a_person_with_too_many_requests_is_told_to_wait_and_nobody_else(small_house: House) -> None:
    ana, bruno = small_house.newcomer("Ana"), small_house.newcomer("Bruno")
    share = small_house.services.thread_share
    with share.held(f"user:{ana.id}"), share.held(f"user:{ana.id}"):
        refused = ana.get("/assistants/list")
        answered = bruno.get("/assistants/list")
        health = small_house.anyone().get("/health")

    assert (refused.status_code, (refused.json or {})["code"]) == (429, "busy")
    assert int(refused.headers["Retry-After"]) > 0
    assert (answered.status_code, health.status_code) == (200, 200)


def test_a_thread_is_given_back_whatever_the_answer(small_house: House) -> None:
    ana = small_house.newcomer("Ana")
    for path in ("/assistants/list", "/assistants/get/nothing", "/assistants/list?limit=0", "/documents/list") * 3:
        assert ana.get(path).status_code != 429


def test_an_assistant_s_key_has_a_share_of_its_own(small_house: House) -> None:
    ana = small_house.newcomer("Ana")
    assistant = ana.make_assistant()
    gateway: Caller = small_house.gateway(assistant["api_key"])
    share = small_house.services.thread_share
    with share.held(f"user:{ana.id}"), share.held(f"user:{ana.id}"):
        assert gateway.say("Oi").status_code == 200
    with share.held(f"key:{assistant['_id']}"), share.held(f"key:{assistant['_id']}"):
        answer = gateway.post("/chats/mensagemHumana", {"id": "+1", "message_service": "w", "message": "Oi"})

    assert answer.status_code == 429

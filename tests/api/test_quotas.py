"""QUOTA_ASSISTANTS, QUOTA_DOCUMENTS and QUOTA_MEGABYTES"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.api.house import Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database

MEGABYTE = 2**20
QUOTAS: dict[str, Any] = {"quota_assistants": 3, "quota_documents": 4, "quota_megabytes": 2}


@pytest.fixture(scope="module")
def house_with_quotas(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("quotas")
    with scratch_database(database_uri) as database, open_house(database, folder, **QUOTAS) as house:
        house.register("Ada", "ada@example.com")
        yield house


@pytest.fixture
def ana(house_with_quotas: House) -> Caller:
    return house_with_quotas.newcomer("Ana")


@pytest.fixture
def assistant(ana: Caller) -> dict[str, Any]:
    return ana.make_assistant()


def text(size: int) -> str:
    return ("palavra " * (size // 8 + 1))[:size]


def test_a_user_owns_so_many_assistants(house_with_quotas: House, ana: Caller) -> None:
    made = [ana.make_assistant() for _ in range(3)]

    sentence = assert_error(ana.post("/assistants/add", {"name": "One more"}), 403, "quota_exceeded")
    assert "3 assistants" in sentence
    assert house_with_quotas.newcomer("Bruno").make_assistant()
    ana.delete(f"/assistants/delete/{made[0]['_id']}")
    assert ana.make_assistant()


def test_an_administrator_may_make_more(house_with_quotas: House, ana: Caller) -> None:
    ada = house_with_quotas.sign_in("ada@example.com")
    for _ in range(4):
        ada.make_assistant()
    for _ in range(4):
        assert ada.post("/assistants/add", {"name": "Loja", "owner_id": ana.id}).status_code == 201

    assert_error(ana.post("/assistants/add", {"name": "One more"}), 403, "quota_exceeded")


def test_many_at_once_are_not_too_many(ana: Caller) -> None:
    callers = [ana.apart() for _ in range(8)]
    with ThreadPoolExecutor(len(callers)) as threads:
        statuses = list(threads.map(lambda one: one.post("/assistants/add", {"name": "Loja"}).status_code, callers))

    assert set(statuses) <= {201, 403}
    assert len(ana.ids("/assistants/list")) == statuses.count(201) <= 3


def test_an_assistant_has_so_many_documents(ana: Caller, assistant: dict[str, Any]) -> None:
    ana.upload(assistant["_id"], "Seja breve.", "prompt.txt", "prompt")
    documents = [ana.upload(assistant["_id"], "Texto.", f"{number}.md") for number in range(3)]

    sentence = assert_error(ana.send_file(assistant["_id"], "Texto.", "more.md"), 403, "quota_exceeded")
    assert "4 documents" in sentence
    assert len(ana.ids(f"/documents/list?assistant_id={assistant['_id']}")) == 4
    assert ana.send_file(assistant["_id"], "Novo texto.", "0.md").status_code == 201
    assert ana.send_file(ana.make_assistant()["_id"], "Texto.", "more.md").status_code == 201
    ana.delete(f"/documents/delete/{documents[1]['_id']}")
    assert ana.send_file(assistant["_id"], "Texto.", "more.md").status_code == 201


def test_an_assistant_has_so_many_megabytes(
    house_with_quotas: House, ana: Caller, assistant: dict[str, Any]
) -> None:
    ana.upload(assistant["_id"], text(MEGABYTE), "a.txt", "prompt")

    sentence = assert_error(ana.send_file(assistant["_id"], text(MEGABYTE + 1), "b.txt"), 403, "quota_exceeded")
    assert "2 MB" in sentence
    folder = house_with_quotas.documents / assistant["_id"]
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) == MEGABYTE
    assert ana.send_file(assistant["_id"], text(MEGABYTE), "a.txt", "prompt").status_code == 201
    too_large = ana.send_file(assistant["_id"], text(2 * MEGABYTE + 1), "a.txt", "prompt")
    assert_error(too_large, 403, "quota_exceeded")
    assert ana.send_file(assistant["_id"], "Texto.", "b.txt").status_code == 201


def test_a_key_has_no_more_than_its_assistant(
    house_with_quotas: House, ana: Caller, assistant: dict[str, Any]
) -> None:
    response = ana.post(f"/assistants/keys/{assistant['_id']}", {"name": "sync", "scopes": ["documents"]})
    program = house_with_quotas.gateway((response.json or {})["key"])
    for number in range(4):
        program.upload(assistant["_id"], "Texto.", f"{number}.md")

    assert_error(program.send_file(assistant["_id"], "Texto.", "more.md"), 403, "quota_exceeded")

"""GET, POST and DELETE /service/export, GET /service/exportFile"""

import gzip
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.api.house import Caller, House, assert_error, usual_house

PATH = "/service/export"


@pytest.fixture(scope="module")
def shared_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One of their own: everything is exported here."""
    with usual_house(database_uri, tmp_path_factory.mktemp("house")) as house:
        yield house


def _ended(caller: Caller) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        export = dict(caller.get(PATH).json or {})
        if export["state"] != "running":
            return export
        time.sleep(0.05)
    raise AssertionError("The export does not end.")


def test_an_administrator_takes_everything_along(
    house: House, ada: Caller, ana: Caller, assistant: dict[str, Any]
) -> None:
    document = ana.upload(assistant["id"], "O prazo é de três dias.")

    started = ada.post(PATH)

    assert started.status_code == 202, started.text
    assert (started.json or {})["state"] == "running"
    export = _ended(ada)
    assert export["state"] == "done", export
    assert export["bytes"] > 0
    response = ada.get("/service/exportFile")
    assert response.headers["Content-Disposition"].startswith("attachment; filename=orquestradora-2")
    lines = [json.loads(line) for line in gzip.decompress(response.data).splitlines()]
    assert any(line.get("row", {}).get("_id") == {"$oid": document["id"]} for line in lines)
    assert lines[-1]["rows"]["documents"] >= 1
    response.close()
    entry = (ada.get("/audit/list?action=service.export").json or [])[0]
    assert entry["actor"]["email"] == ada.email

    assert ada.delete(PATH).status_code == 200
    assert (ada.get(PATH).json or {})["state"] == "none"
    assert_error(ada.get("/service/exportFile"), 404, "not_found")


def test_a_day_later_it_is_deleted(house: House, ada: Caller) -> None:
    ada.post(PATH)
    _ended(ada)
    folder = house.data / "export"
    assert list(folder.glob("*.gz"))

    house.services.export.sweep()
    assert list(folder.glob("*.gz"))
    house.clock.offset += timedelta(hours=25)
    house.services.export.sweep()

    assert not list(folder.iterdir())


def test_one_that_was_cut_off_can_be_begun_again(house: House, ada: Caller) -> None:
    ada.post(PATH)
    _ended(ada)
    state = house.data / "export" / "state.json"
    state.write_text(json.dumps({**json.loads(state.read_text()), "state": "running"}))
    assert_error(ada.post(PATH), 409, "export_under_way")
    assert_error(ada.delete(PATH), 409, "export_under_way")

    house.clock.offset += timedelta(minutes=3)

    assert (ada.get(PATH).json or {})["state"] == "failed"
    assert ada.post(PATH).status_code == 202
    assert _ended(ada)["state"] == "done"


def test_only_administrators(ana: Caller, gateway: Caller) -> None:
    for response in (ana.get(PATH), ana.post(PATH), ana.delete(PATH), ana.get("/service/exportFile")):
        assert_error(response, 403, "not_allowed")
    assert gateway.get(PATH).status_code == 401

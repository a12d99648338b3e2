"""GET /assistants/get/<id>"""

from typing import Any

from tests.api.house import BAD_IDS, Caller, assert_same_not_found


def test_it_is_what_add_answered(ana: Caller, assistant: dict[str, Any]) -> None:
    response = ana.get(f"/assistants/get/{assistant['_id']}")

    assert (response.status_code, response.json) == (200, assistant)


def test_an_administrator_sees_everybodys(ada: Caller, assistant: dict[str, Any]) -> None:
    assert ada.get(f"/assistants/get/{assistant['_id']}").json == assistant


def test_unknown_and_foreign_ids_are_one_and_the_same(bruno: Caller, assistant: dict[str, Any]) -> None:
    assert_same_not_found([bruno.get(f"/assistants/get/{one}") for one in (assistant["_id"], *BAD_IDS)])

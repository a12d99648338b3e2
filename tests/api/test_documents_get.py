"""GET /documents/get/<id>, GET and PUT /documents/path/get/<id>"""

from typing import Any

import pytest

from tests.api.house import BAD_IDS, Caller, assert_same_not_found


@pytest.fixture
def document(ana: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    return ana.upload(assistant["_id"], "# Entrega\nTrês dias.", "rag.md")


def test_it_is_what_add_answered(ana: Caller, document: dict[str, Any]) -> None:
    response = ana.get(f"/documents/get/{document['_id']}")

    assert (response.status_code, response.json) == (200, document)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_the_path_is_relative_to_the_project(ana: Caller, document: dict[str, Any], method: str) -> None:
    response = ana.request(method, f"/documents/path/get/{document['_id']}")

    assert response.status_code == 200
    assert response.json == {"path": f"documents/{document['assistant_id']}/knowledge/rag.md"}


def test_the_path_of_a_prompt(ana: Caller, assistant: dict[str, Any]) -> None:
    document = ana.upload(assistant["_id"], "Seja breve.", "x.md", "prompt")

    response = ana.put(f"/documents/path/get/{document['_id']}")

    assert response.json == {"path": f"documents/{assistant['_id']}/prompt.txt"}


def test_an_administrator_sees_everybodys(ada: Caller, document: dict[str, Any]) -> None:
    assert ada.get(f"/documents/get/{document['_id']}").json == document
    assert ada.put(f"/documents/path/get/{document['_id']}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/documents/get/"), ("GET", "/documents/path/get/"), ("PUT", "/documents/path/get/")],
)
def test_unknown_and_foreign_ids_are_one_and_the_same(
    bruno: Caller, document: dict[str, Any], method: str, path: str
) -> None:
    assert_same_not_found([bruno.request(method, f"{path}{one}") for one in (document["_id"], *BAD_IDS)])

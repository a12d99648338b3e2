"""GET /documents/download/<id>"""

from typing import Any
from urllib.parse import unquote

import pytest

from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found
from tests.fakes import files


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", "# Preços\r\nfim".encode("utf-16")),
        ("a.pdf", files.pdf("Texto.")),
        ("a.txt", bytes(range(256)) * 9),
    ],
    ids=["text", "pdf", "bytes"],
)
def test_the_bytes_are_those_that_were_uploaded(
    ana: Caller, assistant: dict[str, Any], name: str, data: bytes
) -> None:
    document = ana.upload(assistant["_id"], data, name)

    response = ana.get(f"/documents/download/{document['_id']}")

    assert (response.status_code, response.data) == (200, data)
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.mimetype == "application/octet-stream"


@pytest.mark.parametrize("name", ["Preços e condições.md", "cardápio 🍕.md"])
def test_any_name_comes_back(ana: Caller, assistant: dict[str, Any], name: str) -> None:
    document = ana.upload(assistant["_id"], "x", name)
    kept = document["filename"]

    disposition = ana.get(f"/documents/download/{document['_id']}").headers["Content-Disposition"]

    assert disposition.startswith("attachment;")
    _, marked, encoded = disposition.partition("filename*=UTF-8''")
    assert marked
    assert unquote(encoded) == kept


def test_a_page_is_never_shown(ana: Caller, assistant: dict[str, Any]) -> None:
    document = ana.upload(assistant["_id"], files.html("<script>alert(1)</script>"), "a.html")

    response = ana.get(f"/documents/download/{document['_id']}")

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.mimetype == "application/octet-stream"


def test_a_prompt_has_its_uploaded_name(ana: Caller, assistant: dict[str, Any]) -> None:
    document = ana.upload(assistant["_id"], "Seja breve.", "meu prompt.md", "prompt")

    response = ana.get(f"/documents/download/{document['_id']}")

    assert response.data == b"Seja breve."
    assert "meu prompt.md" in response.headers["Content-Disposition"]


def test_a_file_that_somebody_removed_by_hand_is_404(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    document = ana.upload(assistant["_id"], "x")
    (house.documents.parent / document["filepath"]).unlink()

    assert_error(ana.get(f"/documents/download/{document['_id']}"), 404, "not_found")


def test_unknown_and_foreign_ids_are_one_and_the_same(
    ana: Caller, bruno: Caller, assistant: dict[str, Any]
) -> None:
    document = ana.upload(assistant["_id"], "x")["_id"]

    assert_same_not_found([bruno.get(f"/documents/download/{one}") for one in (document, *BAD_IDS)])

"""The fake of Meta's Graph API refuses what Meta would refuse."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.net.provider_client import ProviderClient
from tests.fakes.graph_server import GraphServer

GOOD = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": "5511987654321",
    "type": "text",
    "text": {"preview_url": False, "body": "Oi"},
    "biz_opaque_callback_data": "1",
}


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with GraphServer() as graph:
        yield graph


def post(graph: GraphServer, path: str = "", *, token: str | None = None, **content: Any) -> tuple[int, int | None]:
    """The status, and the code of Graph's error."""
    url = f"{graph.url}{path or f'/{graph.version}/{graph.number_id}/messages'}"
    headers = {"Authorization": f"Bearer {token or graph.access_token}"}
    response = ProviderClient(allow_private=True).request("POST", url, headers=headers, **content)
    return response.status, (response.json().get("error") or {}).get("code")


def test_a_good_message_is_accepted(graph: GraphServer) -> None:
    assert post(graph, body=GOOD) == (200, None)
    assert graph.sent == [GOOD]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"extra": 1}, 100),
        ({"recipient": "BR.1"}, 131009),
        ({"to": "5511@c.us"}, 131009),
        ({"messaging_product": "sms"}, 131009),
        ({"text": {"body": "a" * 4097}}, 131009),
        ({"text": {"body": " "}}, 131009),
        ({"text": {}}, 131008),
        ({"biz_opaque_callback_data": "x" * 513}, 131009),
        ({"status": "read"}, 131008),
    ],
)
def test_a_bad_message_is_refused(graph: GraphServer, changed: dict[str, Any], code: int) -> None:
    assert post(graph, body={**GOOD, **changed}) == (400, code)
    assert graph.sent == []


def test_a_message_without_what_is_needed_is_refused(graph: GraphServer) -> None:
    assert post(graph, body={name: value for name, value in GOOD.items() if name != "type"}) == (400, 131008)
    assert post(graph, body=[]) == (400, 131009)
    assert post(graph, fields={"to": "5511987654321"}) == (400, 131009)


def test_another_token_version_or_number_is_refused(graph: GraphServer) -> None:
    assert post(graph, body=GOOD, token="another") == (401, 190)
    assert post(graph, f"/v1.0/{graph.number_id}/messages", body=GOOD) == (400, 100)
    assert post(graph, f"/{graph.version}/1/messages", body=GOOD) == (400, 100)
    assert graph.sent == []

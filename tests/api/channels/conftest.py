"""A service whose channels of the kind `telegram` are of a provider that lives in memory."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.channels import ChannelKind
from app.services.channels.provider import Provider
from tests.api.house import Caller, House, open_house
from tests.fakes.database import scratch_database
from tests.fakes.provider import SECRET, FakeFields, FakeProvider

PATIENCE_SECONDS = 60


@pytest.fixture(scope="package")
def provider_itself() -> FakeProvider:
    return FakeProvider()


@pytest.fixture(scope="package")
def shared_house(
    database_uri: str, tmp_path_factory: pytest.TempPathFactory, provider_itself: FakeProvider
) -> Iterator[House]:
    kinds = {
        ChannelKind.TELEGRAM: Provider(
            provider_itself, FakeFields(), typing=provider_itself, templates=provider_itself
        )
    }
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path_factory.mktemp("house"), providers=kinds) as house,
    ):
        house.register("Ada", "ada@example.com")
        yield house


@pytest.fixture
def provider(provider_itself: FakeProvider) -> FakeProvider:
    provider_itself.sent.clear()
    provider_itself.typed.clear()
    provider_itself.faults.clear()
    provider_itself.window_hours = None
    return provider_itself


@dataclass
class Line:
    """A channel of Ana's, as its provider and she use it."""

    owner: Caller
    shown: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.shown["_id"])

    def post(self, events: Any, secret: str = SECRET) -> TestResponse:
        """What the provider posts; as the test client serves one thread, by a client of its own."""
        path = "/webhooks/" + self.shown["webhook_url"].rpartition("/")[2]
        anyone = Caller(self.owner.client.application.test_client())
        data = events if isinstance(events, bytes) else json.dumps(events).encode()
        return anyone.request("POST", path, data=data, headers={"X-Secret": secret})

    def parts(self, query: str = "") -> list[dict[str, Any]]:
        """What is in the outbox, oldest first."""
        response = self.owner.get(f"/outbox/list?channel_id={self.id}{query}")
        assert response.status_code == 200, response.text
        return list(reversed(response.json or []))

    def conversation(self, address: str | None = None) -> dict[str, Any]:
        """The latest conversation of its assistant, or the one with this id at the message service."""
        found = self.owner.get(f"/conversations/list?assistant_id={self.shown['assistant_id']}").json or []
        return dict(next(one for one in found if address in {None, one["channel"]["id"]}))

    def chats(self) -> list[dict[str, Any]]:
        """All chats of its assistant, oldest first."""
        response = self.owner.get(f"/chats/list?assistant_id={self.shown['assistant_id']}&limit=500")
        return list(reversed(response.json or []))

    def problem(self) -> str | None:
        """What is wrong with it."""
        return (self.owner.get(f"/channels/get/{self.id}").json or {}).get("problem")

    def delivery(self, number: int) -> str | None:
        """How far the answer of a chat has come."""
        chats = self.chats()
        told = chats[number]["delivery"] if chats else None
        return told and str(told["state"])


def new_channel(owner: Caller, assistant_id: str, **fields: Any) -> dict[str, Any]:
    body = {"assistant_id": assistant_id, "kind": "telegram", "name": "Loja", "api_key": "k", **fields}
    response = owner.post("/channels/add", body)
    assert response.status_code == 201, response.text
    return dict(response.json or {})


@pytest.fixture
def line(ana: Caller, assistant: dict[str, Any], provider: FakeProvider) -> Line:
    return Line(ana, new_channel(ana, assistant["_id"]))


def until(condition: Callable[[], Any]) -> Any:
    """What the condition gives once it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)
    return found

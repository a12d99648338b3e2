"""Several processes share the outbox of webhooks; what one dies with, another sends."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.ids import new_id
from tests.e2e.service import Service, launch, running
from tests.fakes.webhook_receiver import Received, WebhookReceiver, hang

# Leases of 30 s, and a look every 15 s: "within a minute", and a loaded machine.
_TAKEN_OVER_SECONDS = 80


@pytest.fixture
def settings(tmp_path: Path, bundled_models: Path, database_uri: str) -> Callable[[str], dict[str, Any]]:
    """What a process needs to share a database with the others of this test."""
    shared: dict[str, Any] = {
        "MONGODB_URI": database_uri,
        "MONGODB_DB": f"test_{new_id()}",
        "SECRET_KEY": "a secret for tests, long enough to be one",
        "DOCUMENTS_DIR": tmp_path / "documents",
        "ALLOW_PRIVATE_WEBHOOKS": "true",
    }

    def of(name: str) -> dict[str, Any]:
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "data" / "models").symlink_to(bundled_models)
        return {"folder": tmp_path / name, **shared}

    return of


def subscribed(service: Service, receiver: WebhookReceiver, *events: str) -> tuple[dict[str, Any], str]:
    """An assistant with a webhook, and that webhook's secret."""
    assistant = service.make_assistant()
    body = {"url": receiver.url("/"), "events": list(events)}
    response = service.http.post(f"/assistants/webhooks/{assistant['_id']}", json=body)
    assert response.status_code == 201, response.text
    return assistant, response.json()["secret"]


def ids(requests: list[Received]) -> list[str]:
    return [one.headers["webhook-id"] for one in requests]


def test_two_processes_send_each_event_once(settings: Callable[[str], dict[str, Any]]) -> None:
    with (
        WebhookReceiver() as receiver,
        running(**settings("one")) as one,
        running(**settings("two")) as two,
    ):
        assistant, secret = subscribed(one, receiver, "message.received", "message.answered")
        for number in range(10):
            service = (one, two)[number % 2]
            assert service.say(assistant["api_key"], "Oi?", channel=f"+55110000000{number}").status_code == 200
        requests = receiver.wait_for(20, seconds=30)
        time.sleep(1)

        assert len(receiver.received) == 20
        assert len(set(ids(requests))) == 20
        types = [one.verified(secret)["type"] for one in requests]
        assert types.count("message.received") == types.count("message.answered") == 10


@pytest.mark.stress
@pytest.mark.timeout(300)
def test_what_a_process_dies_with_is_sent_by_another_within_a_minute(
    settings: Callable[[str], dict[str, Any]],
) -> None:
    with WebhookReceiver({"/": hang}) as receiver, running(**settings("one")) as one:
        assistant, secret = subscribed(one, receiver, "message.answered")
        dying = launch(**settings("two"))
        dying.say(assistant["api_key"], "Oi?")
        (begun,) = receiver.wait_for(1)
        receiver.behaviours.clear()
        dying.process.kill()
        dying.process.wait()

        again = receiver.wait_for(2, seconds=_TAKEN_OVER_SECONDS)[1]

        assert ids([again]) == ids([begun])
        assert again.body == begun.body
        assert again.verified(secret)["type"] == "message.answered"


@pytest.mark.stress
@pytest.mark.timeout(240)
def test_a_service_that_was_killed_tells_of_everything_after_its_restart(place: Path) -> None:
    """On the embedded database, with messages under way at the moment of the kill."""
    with WebhookReceiver() as receiver:
        service = launch(place, ALLOW_PRIVATE_WEBHOOKS="true")
        service.sign_in()
        assistant, _ = subscribed(service, receiver, "message.received", "message.answered", "message.failed")
        stopped = threading.Event()

        def talk(number: int) -> None:
            with suppress(httpx.TransportError):
                while not stopped.is_set():
                    service.say(assistant["api_key"], "Oi?", channel=f"+55110000000{number}")

        talking = [threading.Thread(target=talk, args=(number,)) for number in range(4)]
        for thread in talking:
            thread.start()
        receiver.wait_for(12)
        service.kill()
        stopped.set()
        for thread in talking:
            thread.join()
        restarted = launch(place, ALLOW_PRIVATE_WEBHOOKS="true")
        restarted.token = service.token
        try:
            chats = restarted.http.get("/chats/list", params={"limit": 500}).json()
            expected = {(chat["_id"], "message.received") for chat in chats}
            expected |= {
                (chat["_id"], "message.answered" if chat["response"] else "message.failed") for chat in chats
            }
            until = time.monotonic() + _TAKEN_OVER_SECONDS
            while (told := told_by(receiver)) != expected and time.monotonic() < until:
                time.sleep(0.2)
            assert told == expected
        finally:
            restarted.stop()


def told_by(receiver: WebhookReceiver) -> set[tuple[str, str]]:
    return {(one.event["data"]["_id"], one.event["type"]) for one in list(receiver.received)}

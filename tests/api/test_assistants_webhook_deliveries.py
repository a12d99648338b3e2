"""GET /assistants/webhookDeliveries/<id>, POST /assistants/resendWebhook/<id>, and the sending behind them."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from tests.api.house import BAD_IDS, UNKNOWN_ID, Caller, House, assert_error, assert_same_not_found, open_house
from tests.api.webhooks import Subscribed, add_webhook, deliveries_of, subscribe
from tests.fakes.database import scratch_database
from tests.fakes.webhook_receiver import Behaviour, WebhookReceiver, answer, hang

EVENT = "message.received"
SHOWN = {
    *(
        "_id",
        "webhook_id",
        "type",
        "state",
        "attempts",
        "next_attempt_at",
        "status",
        "error",
        "createdAt",
        "ended_at",
    )
}


@pytest.fixture(scope="module")
def shared_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service that may send to this machine."""
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path_factory.mktemp("house"), allow_private_webhooks=True) as house,
    ):
        house.register("Ada", "ada@example.com")
        yield house


@pytest.fixture(scope="module")
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        yield receiver


@pytest.fixture
def subscribed(ana: Caller, assistant: dict[str, Any], receiver: WebhookReceiver) -> Subscribed:
    return subscribe(ana, assistant["_id"], receiver, EVENT)


def delivery_once(
    ana: Caller, assistant_id: str, condition: Callable[[dict[str, Any]], bool], seconds: float = 20
) -> dict[str, Any]:
    """The newest delivery once it is so."""
    until = time.monotonic() + seconds
    while True:
        found = deliveries_of(ana, assistant_id, "?limit=1")
        if found and condition(found[0]):
            return found[0]
        assert time.monotonic() < until, found
        time.sleep(0.02)


def differs(before: dict[str, Any], delivery: dict[str, Any]) -> bool:
    return any(delivery[name] != value for name, value in before.items())


def failed_once(delivery: dict[str, Any]) -> bool:
    return bool(delivery["error"])


def behave(subscribed: Subscribed, behaviour: Behaviour) -> None:
    subscribed.receiver.behaviours[subscribed.path] = behaviour


def test_a_delivery_is_signed_and_seen_to_be_delivered(
    ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    gateway.chat("Qual o prazo?")

    (request,) = subscribed.requests(1)
    assert request.verified(subscribed.secret)["type"] == EVENT
    assert set(request.event) == {"type", "timestamp", "data"}
    delivery = delivery_once(ana, assistant["_id"], lambda one: one["state"] == "delivered")
    assert set(delivery) == SHOWN
    assert delivery["_id"] == request.headers["webhook-id"]
    assert (delivery["type"], delivery["attempts"], delivery["status"]) == (EVENT, 1, 204)
    assert (delivery["error"], delivery["next_attempt_at"]) == (None, None)
    assert delivery["createdAt"] <= delivery["ended_at"]


def test_another_secret_does_not_fit(gateway: Caller, subscribed: Subscribed) -> None:
    gateway.chat("Oi")

    (request,) = subscribed.requests(1)
    with pytest.raises(Exception, match="signature"):
        request.verified("whsec_" + "A" * 32)


@pytest.mark.parametrize(
    ("behaviour", "status", "says"),
    [
        (answer("500 Internal Server Error"), 500, "500"),
        (answer("404 Not Found"), 404, "404"),
        (answer("301 Moved Permanently", Location="/elsewhere"), 301, "301"),
        (lambda _, connection: connection.sendall(b"SSH-2.0\r\n"), None, "HTTP"),
    ],
)
def test_what_fails_is_tried_again_under_the_same_id(
    house: House,
    ana: Caller,
    assistant: dict[str, Any],
    gateway: Caller,
    subscribed: Subscribed,
    behaviour: Behaviour,
    status: int | None,
    says: str,
) -> None:
    behave(subscribed, behaviour)
    gateway.chat("Oi")
    delivery = delivery_once(ana, assistant["_id"], failed_once)
    assert (delivery["state"], delivery["status"], delivery["attempts"]) == ("pending", status, 1)
    assert says in delivery["error"]

    behave(subscribed, answer())
    house.clock.advance(seconds=6)
    house.services.webhooks.dispatcher.wake()

    first, second = subscribed.requests(2)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert int(second.headers["webhook-timestamp"]) >= int(first.headers["webhook-timestamp"]) + 5
    delivery = delivery_once(ana, assistant["_id"], lambda one: one["state"] == "delivered")
    assert (delivery["status"], delivery["error"], delivery["attempts"]) == (204, None, 2)
    assert not subscribed.receiver.at("/elsewhere")


def test_after_three_days_it_is_given_up_and_can_be_sent_again(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    behave(subscribed, answer("503 Service Unavailable"))
    gateway.chat("Oi")
    delivery = delivery_once(ana, assistant["_id"], failed_once)

    while delivery["state"] == "pending":
        house.clock.advance(hours=27)
        house.services.webhooks.dispatcher.wake()
        before = {name: delivery[name] for name in ("attempts", "state")}
        delivery = delivery_once(ana, assistant["_id"], partial(differs, before))
    assert (delivery["state"], delivery["next_attempt_at"]) == ("failed", None)
    assert delivery["attempts"] <= 10

    behave(subscribed, answer())
    sent = ana.post(f"/assistants/resendWebhook/{assistant['_id']}", {"delivery_id": delivery["_id"]})

    assert sent.status_code == 202, sent.text
    assert sent.json is not None
    assert set(sent.json) == SHOWN
    again = delivery_once(ana, assistant["_id"], lambda one: one["state"] == "delivered")
    assert (again["_id"], again["attempts"]) == (delivery["_id"], 1)
    ids = {one.headers["webhook-id"] for one in subscribed.requests(2)}
    assert ids == {delivery["_id"]}


def test_a_receiver_that_has_gone_gets_nothing_more(
    ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    behave(subscribed, answer("410 Gone"))
    gateway.chat("Oi")
    delivery = delivery_once(ana, assistant["_id"], lambda one: one["state"] == "failed")
    assert (delivery["status"], delivery["attempts"]) == (410, 1)

    (webhook,) = ana.get(f"/assistants/webhooks/{assistant['_id']}").json or []
    assert webhook["disabled_at"] is not None
    gateway.chat("Oi de novo")
    resend = ana.post(f"/assistants/resendWebhook/{assistant['_id']}", {"delivery_id": delivery["_id"]})
    assert_error(resend, 409, "webhook_disabled")

    other = subscribe(ana, assistant["_id"], subscribed.receiver, "message.answered", EVENT)
    gateway.chat("Alguém?")
    other.requests(2)
    assert len(subscribed.receiver.at(subscribed.path)) == 1
    assert len(deliveries_of(ana, assistant["_id"], f"?webhook_id={webhook['_id']}")) == 1


def test_a_receiver_that_hangs_holds_up_no_other(
    ana: Caller, assistant: dict[str, Any], gateway: Caller, receiver: WebhookReceiver
) -> None:
    for number in range(8):
        receiver.behaviours[f"/hang/{assistant['_id']}/{number}"] = hang
        add_webhook(ana, assistant["_id"], receiver.url(f"/hang/{assistant['_id']}/{number}"), EVENT)
    gateway.chat("Oi")
    other = ana.make_assistant()
    prompt = subscribe(ana, other["_id"], receiver, EVENT)
    client = Caller(gateway.client, {"X-API-Key": other["api_key"]})

    begun = time.monotonic()
    for number in range(1, 4):
        client.chat("Oi")
        prompt.requests(number)
    assert time.monotonic() - begun < 10  # a receiver that hangs is left after 15 s


def test_a_deleted_webhook_gets_nothing_more(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    behave(subscribed, answer("500 Internal Server Error"))
    gateway.chat("Oi")
    delivery = delivery_once(ana, assistant["_id"], failed_once)
    path = f"/assistants/webhooks/{assistant['_id']}?webhook_id={delivery['webhook_id']}"

    assert ana.delete(path).status_code == 200

    assert deliveries_of(ana, assistant["_id"]) == []
    filtered = ana.get(f"/assistants/webhookDeliveries/{assistant['_id']}?webhook_id={delivery['webhook_id']}")
    assert_error(filtered, 422, "validation_error", "webhook_id")
    house.clock.advance(hours=1)
    house.services.webhooks.dispatcher.wake()
    gateway.chat("Oi")
    assert len(subscribed.receiver.at(subscribed.path)) == 1


def test_the_list_is_paged_and_filtered(
    ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    for number in range(3):
        gateway.chat(f"Pergunta {number}")
    subscribed.requests(3)
    path = f"/assistants/webhookDeliveries/{assistant['_id']}"
    until = time.monotonic() + 20
    while len(deliveries_of(ana, assistant["_id"], "?state=delivered")) < 3:
        assert time.monotonic() < until
        time.sleep(0.02)

    every = deliveries_of(ana, assistant["_id"])
    pages = ana.pages(f"{path}?limit=2&state=delivered&webhook_id={every[0]['webhook_id']}")

    assert [one for page in pages for one in page] == every
    assert [len(page) for page in pages] == [2, 1]
    assert [one["createdAt"] for one in every] == sorted((one["createdAt"] for one in every), reverse=True)
    assert deliveries_of(ana, assistant["_id"], "?state=failed") == []
    for query, field in (
        ("state=lost", "state"),
        ("webhook_id=1", "webhook_id"),
        ("x=1", "x"),
        ("limit=0", "limit"),
    ):
        assert_error(ana.get(f"{path}?{query}"), 422, "validation_error", field)
    assert_error(ana.get(f"{path}?webhook_id={UNKNOWN_ID}"), 422, "validation_error", "webhook_id")


def test_strangers_and_unknown_ids(
    ana: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    gateway.chat("Oi")
    subscribed.requests(1)
    delivery_id = deliveries_of(ana, assistant["_id"])[0]["_id"]
    ids, body = (assistant["_id"], UNKNOWN_ID), {"delivery_id": delivery_id}

    assert_same_not_found([bruno.get(f"/assistants/webhookDeliveries/{one}") for one in ids])
    assert_same_not_found([bruno.post(f"/assistants/resendWebhook/{one}", body) for one in ids])
    own = bruno.make_assistant()["_id"]
    for bad in (delivery_id, *BAD_IDS):
        assert_error(bruno.post(f"/assistants/resendWebhook/{own}", {"delivery_id": bad}), 404, "not_found")

"""Attempts over the real outbox: what becomes of them, and of those of a process that died."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.assistants import Assistant
from app.domain.errors import SendError
from app.domain.ids import new_id
from app.domain.webhooks import Delivery, DeliveryState, EventType, ReceiverAnswer, Webhook
from app.repositories.webhooks import WebhookRepository
from app.security.keys import KeyVault
from app.security.webhook_signatures import new_webhook_secret
from app.services.webhooks.deliverer import Deliverer
from app.wiring.repositories import Repositories
from tests.fakes.fate import Fate, Killed
from tests.integration.rows import World


class FakeSender:
    """Answers as it is told, and keeps what it got; `answers` that are used up mean 204."""

    def __init__(self, *answers: ReceiverAnswer | Exception | Callable[[], None]) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str]] = []

    def check(self, url: str) -> None:
        """Anything goes."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> ReceiverAnswer:
        self.sent.append((headers["webhook-id"], body.decode()))
        following = self.answers.pop(0) if self.answers else ReceiverAnswer(204)
        if isinstance(following, Exception):
            raise following
        if not isinstance(following, ReceiverAnswer):
            following()
            return ReceiverAnswer(204)
        return following


class Setting:
    """An assistant with a webhook, and deliveries to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows: Repositories = world.rows
        self.assistant: Assistant = world.assistant()
        self.webhook = Webhook(new_id(), "https://example.com/", tuple(EventType), world.now())
        self.rows.webhooks.add(self.assistant.id, self.webhook, new_webhook_secret(), 10)

    def delivery(self, **values: Any) -> Delivery:
        now = self.world.now() - timedelta(seconds=1)
        one = Delivery(
            id=new_id(),
            entry_id=new_id(),
            webhook_id=self.webhook.id,
            assistant_id=self.assistant.id,
            type=EventType.DOCUMENT_READY,
            body='{"type":"document.ready"}',
            created_at=now,
            next_at=now,
            until=now + timedelta(days=3.5),
        )
        one = replace(one, **values)
        self.rows.webhook_deliveries.add([one])
        return one

    def run(self, sender: FakeSender, over: Callable[[Any], Any] = lambda rows: rows) -> bool:
        """A process delivers what is due."""
        deliverer = Deliverer(self.rows.webhooks, over(self.rows.webhook_deliveries), sender, self.world.clock)
        return deliverer.deliver(self.assistant.id, self.webhook.id, lambda: False)

    def now(self, delivery: Delivery) -> Delivery | None:
        return self.rows.webhook_deliveries.by_id(self.assistant.id, delivery.id)

    def state(self, delivery: Delivery) -> tuple[DeliveryState, int, int | None]:
        found = self.now(delivery)
        assert found is not None
        return found.state, found.attempts, found.status


@pytest.fixture
def setting(world: World) -> Setting:
    return Setting(world)


def test_all_that_is_due_is_sent_once(setting: Setting) -> None:
    due, later = (
        [setting.delivery() for _ in range(3)],
        setting.delivery(next_at=setting.world.now() + timedelta(1)),
    )
    sender = FakeSender()

    assert setting.run(sender)
    assert setting.run(sender)

    assert sorted(one for one, _ in sender.sent) == sorted(one.id for one in due)
    assert [setting.state(one) for one in due] == [(DeliveryState.DELIVERED, 1, 204)] * 3
    assert setting.state(later) == (DeliveryState.PENDING, 0, None)


@pytest.mark.parametrize(
    "answer",
    [ReceiverAnswer(status) for status in (100, 199, 300, 301, 400, 404, 429, 500, 503)] + [SendError("No host.")],
)
def test_after_a_failure_the_rest_waits(setting: Setting, answer: ReceiverAnswer | Exception) -> None:
    deliveries, sender = [setting.delivery() for _ in range(3)], FakeSender(answer)

    assert not setting.run(sender)
    assert not sender.answers
    assert len(sender.sent) == 1
    assert setting.run(sender)
    assert len(sender.sent) == 1
    setting.world.clock.advance(seconds=6)
    assert setting.run(sender)

    assert [setting.state(one)[0] for one in deliveries] == [DeliveryState.DELIVERED] * 3
    assert sorted(setting.state(one)[1] for one in deliveries) == [1, 1, 2]


def test_a_failure_says_why(setting: Setting) -> None:
    delivery = setting.delivery()
    for answer, status, error in (
        (ReceiverAnswer(500), 500, "The receiver answered with status 500."),
        (SendError("The receiver cannot be reached."), None, "The receiver cannot be reached."),
    ):
        setting.run(FakeSender(answer))
        found = setting.now(delivery)
        assert found is not None
        assert (found.status, found.error) == (status, error)
        setting.world.clock.advance(minutes=6)
    setting.run(FakeSender())
    found = setting.now(delivery)
    assert found is not None
    assert (found.state, found.status, found.error) == (DeliveryState.DELIVERED, 204, None)


def test_after_ten_attempts_it_is_given_up(setting: Setting) -> None:
    delivery, sender = setting.delivery(), FakeSender(*[ReceiverAnswer(500)] * 20)
    begun = setting.world.clock()
    for _ in range(20):
        setting.run(sender)
        pending = setting.now(delivery)
        assert pending is not None
        if pending.next_at is None:
            break
        setting.world.clock.offset += pending.next_at - setting.world.clock() + timedelta(seconds=1)

    assert len(sender.sent) == 10
    assert setting.state(delivery) == (DeliveryState.FAILED, 10, 500)
    assert timedelta(days=2.8) < setting.world.clock() - begun < timedelta(days=3.6)


def test_gone_disables_the_webhook(setting: Setting) -> None:
    deliveries, sender = [setting.delivery() for _ in range(3)], FakeSender(ReceiverAnswer(410))

    assert not setting.run(sender)

    assert len(sender.sent) == 1
    assert {setting.state(one)[0] for one in deliveries} == {DeliveryState.FAILED}
    assistant = setting.rows.assistants.by_id(setting.assistant.id)
    assert assistant is not None
    assert assistant.webhooks[0].disabled_at is not None
    late = setting.delivery()
    assert setting.run(sender)
    assert setting.state(late)[0] is DeliveryState.FAILED
    assert len(sender.sent) == 1


def test_what_is_left_of_a_deleted_webhook_is_deleted(setting: Setting) -> None:
    delivery, sender = setting.delivery(), FakeSender()
    setting.rows.webhooks.remove(setting.assistant.id, setting.webhook.id)

    setting.run(sender)

    assert setting.now(delivery) is None
    assert sender.sent == []


def test_a_secret_that_cannot_be_read_fails(world: World) -> None:
    setting = Setting(world)
    setting.rows.webhooks.remove(setting.assistant.id, setting.webhook.id)
    elsewhere = WebhookRepository(world.database, KeyVault("the SECRET_KEY of another time, long enough"))
    elsewhere.add(setting.assistant.id, setting.webhook, new_webhook_secret(), 10)
    delivery, sender = setting.delivery(), FakeSender()

    assert not setting.run(sender)

    found = setting.now(delivery)
    assert found is not None
    assert "SECRET_KEY" in (found.error or "")
    assert sender.sent == []


@pytest.mark.parametrize("step", [1, 2])
def test_the_delivery_of_a_process_that_died_is_sent_by_another(setting: Setting, step: int) -> None:
    """It dies before the delivery is sent (1: at the claim), or before it is recorded as sent (2)."""
    delivery, sender = setting.delivery(), FakeSender()
    with pytest.raises(Killed):
        setting.run(sender, Fate(step, Killed, after=step == 1).over)
    assert setting.state(delivery)[0] is DeliveryState.PENDING

    setting.run(sender)
    assert setting.state(delivery)[0] is DeliveryState.PENDING  # its lease is not over

    setting.world.clock.advance(seconds=31)
    setting.run(sender)

    assert setting.state(delivery)[0] is DeliveryState.DELIVERED
    assert {one for one, _ in sender.sent} == {delivery.id}
    assert len(sender.sent) == step


def test_an_attempt_that_took_longer_than_its_lease_changes_nothing(setting: Setting) -> None:
    delivery = setting.delivery()

    def another_process_delivers() -> None:
        setting.world.clock.advance(seconds=31)
        setting.run(FakeSender(ReceiverAnswer(202)))

    setting.run(FakeSender(another_process_delivers))

    assert setting.state(delivery) == (DeliveryState.DELIVERED, 2, 202)

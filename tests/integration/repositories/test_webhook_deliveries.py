"""The collection `webhook_deliveries`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.ids import new_id
from app.domain.webhooks import Contact, Delivery, DeliveryState, EventType, Pending
from app.repositories.webhook_deliveries import WebhookDeliveryRepository
from tests.integration.rows import World

LEASE = timedelta(seconds=30)
HOUR = timedelta(hours=1)


@pytest.fixture
def deliveries(world: World) -> WebhookDeliveryRepository:
    return world.rows.webhook_deliveries


def claim(
    deliveries: WebhookDeliveryRepository, webhook_id: str, now: datetime, until: datetime
) -> Delivery | None:
    """Claim what is due first."""
    return next((deliveries.claim(one, until) for one in deliveries.due(webhook_id, now, 1)), None)


@pytest.fixture
def stored(world: World) -> Callable[..., Delivery]:
    """Makes deliveries that are stored, and due."""

    def store(**values: Any) -> Delivery:
        now = world.now() - timedelta(seconds=1)
        one = Delivery(
            id=new_id(),
            entry_id=new_id(),
            webhook_id=new_id(),
            assistant_id=new_id(),
            type=EventType.MESSAGE_ANSWERED,
            body='{"type":"message.answered"}',
            created_at=now,
            next_at=now,
            until=now + 80 * HOUR,
        )
        one = replace(one, **values)
        world.rows.webhook_deliveries.add([one])
        return one

    return store


def test_a_delivery_is_read_as_it_was_stored(
    deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    plain, personal = stored(), stored(contact=Contact(new_id(), new_id()))

    for one in (plain, personal):
        assert deliveries.by_id(one.assistant_id, one.id) == one
        assert deliveries.by_id(new_id(), one.id) is None


def test_a_delivery_that_comes_again_changes_nothing(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    one = stored()
    claimed = claim(deliveries, one.webhook_id, world.now(), world.now() + LEASE)
    another = replace(one, id=new_id())

    deliveries.add([replace(one, body="{}"), another])

    assert deliveries.by_id(one.assistant_id, one.id) == claimed
    assert deliveries.by_id(one.assistant_id, another.id) == another


def test_what_is_pending_comes_by_time_and_without_busy_webhooks(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    past = world.now() - 10000 * HOUR
    busy, later, first = stored(next_at=past), stored(next_at=past + HOUR), stored(next_at=past - HOUR)
    expected = [Pending(one.assistant_id, one.webhook_id, one.next_at or past) for one in (first, busy, later)]

    assert deliveries.pending([], past + HOUR, 9) == expected
    assert deliveries.pending([], past, 9) == expected[:2]
    assert deliveries.pending([busy.webhook_id], world.now(), 2) == [expected[0], expected[2]]


def test_one_worker_claims_a_delivery_and_the_next_one_after_its_lease(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    one, now = stored(), world.now()

    first = claim(deliveries, one.webhook_id, now, now + LEASE)

    assert first == replace(one, next_at=now + LEASE, attempts=1)
    assert deliveries.claim(one, now + HOUR) is None
    assert claim(deliveries, one.webhook_id, now + LEASE - timedelta(seconds=1), now + HOUR) is None
    assert claim(deliveries, new_id(), now + HOUR, now + 2 * HOUR) is None
    second = claim(deliveries, one.webhook_id, now + LEASE, now + HOUR)
    assert second == replace(one, next_at=now + HOUR, attempts=2)
    assert first is not None
    deliveries.delivered(replace(first, status=200), now)  # too late
    assert deliveries.by_id(one.assistant_id, one.id) == second


def test_an_attempt_ends_delivered_or_given_up_or_with_another_one(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    now, ended = world.now(), []
    ends: list[Callable[[Delivery], None]] = [
        lambda one: deliveries.delivered(replace(one, status=204), now),
        lambda one: deliveries.give_up(replace(one, status=500, error="No."), now),
        lambda one: deliveries.retry(replace(one, error="Later."), now + HOUR),
    ]
    for end in ends:
        one = stored()
        claimed = claim(deliveries, one.webhook_id, now, now + LEASE)
        assert claimed is not None
        end(claimed)
        found = deliveries.by_id(one.assistant_id, one.id)
        assert found is not None
        ended.append((found.state, found.attempts, found.status, found.error, found.next_at, found.ended_at))
        assert claim(deliveries, one.webhook_id, now + LEASE, now + HOUR) is None

    assert ended == [
        (DeliveryState.DELIVERED, 1, 204, None, None, now),
        (DeliveryState.FAILED, 1, 500, "No.", None, now),
        (DeliveryState.PENDING, 1, None, "Later.", now + HOUR, None),
    ]


def test_a_paused_webhook_has_nothing_due(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    now, one = world.now(), stored()
    later = stored(webhook_id=one.webhook_id, next_at=now + 2 * HOUR)
    other = stored()

    deliveries.pause(one.webhook_id, now, now + HOUR)

    assert claim(deliveries, one.webhook_id, now, now + LEASE) is None
    assert deliveries.by_id(later.assistant_id, later.id) == later
    assert claim(deliveries, other.webhook_id, now, now + LEASE) is not None
    again = claim(deliveries, one.webhook_id, now + HOUR, now + 3 * HOUR)
    assert again is not None
    assert (again.id, again.attempts) == (one.id, 1)


def test_all_of_a_webhook_are_given_up(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    now, one, other = world.now(), stored(), stored()

    deliveries.give_up_of_webhook(one.webhook_id, "It is gone.", now)

    found = deliveries.by_id(one.assistant_id, one.id)
    assert found == replace(
        one, state=DeliveryState.FAILED, error="It is gone.", next_at=None, until=None, ended_at=now
    )
    assert deliveries.by_id(other.assistant_id, other.id) == other


def test_what_is_overdue_is_given_up(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    now, other = world.now(), stored()
    one = stored(until=now - HOUR, next_at=now + HOUR)

    deliveries.give_up_overdue("It took too long.", now)

    found = deliveries.by_id(one.assistant_id, one.id)
    assert found is not None
    assert (found.state, found.error) == (DeliveryState.FAILED, "It took too long.")
    assert deliveries.by_id(other.assistant_id, other.id) == other


def test_a_delivery_is_sent_again_from_the_beginning(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    now, one = world.now(), stored()
    claimed = claim(deliveries, one.webhook_id, now, now + LEASE)
    assert claimed is not None
    deliveries.give_up(claimed, now)

    deliveries.send_again(one.id, now + HOUR, now + 2 * HOUR)

    expected = replace(one, next_at=now + HOUR, until=now + 2 * HOUR)
    assert deliveries.by_id(one.assistant_id, one.id) == expected


def test_pages_are_narrowed_and_go_back_in_time(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    assistant_id, webhook_id = new_id(), new_id()
    own = [stored(assistant_id=assistant_id, webhook_id=webhook_id) for _ in range(3)]
    other = stored(assistant_id=assistant_id)
    stored()
    claimed = claim(deliveries, other.webhook_id, world.now(), world.now() + LEASE)
    assert claimed is not None
    deliveries.delivered(claimed, world.now())

    def ids(*arguments: Any) -> list[str]:
        return [one.id for one in deliveries.page(assistant_id, *arguments)]

    assert ids(None, None, None, 10) == [one.id for one in (other, *reversed(own))]
    assert ids(None, None, None, 2) == [other.id, own[2].id]
    assert ids(None, None, own[2].entry_id, 10) == [own[1].id, own[0].id]
    assert ids(webhook_id, None, None, 10) == [one.id for one in reversed(own)]
    assert ids(None, DeliveryState.DELIVERED, None, 10) == [other.id]
    assert ids(webhook_id, DeliveryState.DELIVERED, None, 10) == []
    assert deliveries.page(assistant_id, None, None, None, 1)[0].body == ""


def test_an_erasure_reaches_what_tells_of_the_time_before(
    deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    conversation_id = new_id()
    erased = stored(contact=Contact(conversation_id, new_id()))
    before = new_id()
    later, other = stored(contact=Contact(conversation_id, new_id())), stored(contact=Contact(new_id(), new_id()))

    deliveries.delete_of_conversation(conversation_id, before)

    kept = [one for one in (erased, later, other) if deliveries.by_id(one.assistant_id, one.id)]
    assert kept == [later, other]


def test_those_of_a_webhook_and_of_an_assistant_are_deleted(
    deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    of_webhook, of_assistant, other = stored(), stored(), stored()

    deliveries.delete_of_webhook(of_webhook.webhook_id)
    deliveries.delete_of_assistant(of_assistant.assistant_id)

    kept = [
        one for one in (of_webhook, of_assistant, other) if deliveries.by_id(one.assistant_id, one.id) is not None
    ]
    assert kept == [other]


def test_what_ended_long_ago_is_forgotten(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    pending, ended, now = stored(), stored(), world.now()
    claimed = claim(deliveries, ended.webhook_id, now, now + LEASE)
    assert claimed is not None
    deliveries.delivered(claimed, now)

    deliveries.forget_ended(now + timedelta(days=7))
    assert deliveries.by_id(ended.assistant_id, ended.id) is not None
    deliveries.forget_ended(now + timedelta(days=7, seconds=1))

    assert deliveries.by_id(ended.assistant_id, ended.id) is None
    assert deliveries.by_id(pending.assistant_id, pending.id) == pending


def test_of_one_webhook_no_more_than_so_many_are_kept(
    world: World, deliveries: WebhookDeliveryRepository, stored: Callable[..., Delivery]
) -> None:
    one, other = stored(state=DeliveryState.DELIVERED), stored(state=DeliveryState.DELIVERED)
    newest = [replace(one, id=new_id(), entry_id=new_id(), next_at=None) for _ in range(1000)]
    deliveries.add(newest)

    deliveries.trim(one.webhook_id)

    assert deliveries.by_id(one.assistant_id, one.id) is None
    assert deliveries.by_id(one.assistant_id, newest[0].id) is not None
    assert deliveries.by_id(other.assistant_id, other.id) is not None

"""The webhooks in the rows of assistants."""

from dataclasses import replace

from app.domain.ids import new_id
from app.domain.webhooks import EventType, Receiver, Webhook
from app.wiring.repositories import Repositories
from tests.integration.rows import NOW, World

SECRET = "whsec_c2VncmVkbw=="


def a_webhook(*events: EventType) -> Webhook:
    return Webhook(new_id(), f"https://{new_id()}.example.com/", events or (EventType.MESSAGE_ANSWERED,), NOW)


def webhooks_of(world: World, assistant_id: str) -> tuple[Webhook, ...]:
    found = world.rows.assistants.by_id(assistant_id)
    assert found is not None
    return found.webhooks


def test_a_webhook_comes_with_its_assistant(world: World) -> None:
    assistant, webhook = world.assistant(), a_webhook(EventType.DOCUMENT_READY, EventType.MESSAGE_FAILED)
    assert webhooks_of(world, assistant.id) == ()

    assert world.rows.webhooks.add(assistant.id, webhook, SECRET, most=10)

    assert webhooks_of(world, assistant.id) == (webhook,)
    found = world.rows.assistants.by_id(assistant.id)
    assert found is not None
    with_key = world.rows.keys.holder_of(assistant.api_key)
    assert with_key is not None
    assert with_key[0].webhooks == (webhook,)
    assert found.webhooks == (webhook,)
    assert found.announces(EventType.CONVERSATION_HANDOVER, EventType.DOCUMENT_READY)
    assert not found.announces(EventType.CONVERSATION_HANDOVER)


def test_the_secret_is_encrypted_and_read_with_the_url(world: World) -> None:
    assistant, webhook = world.assistant(), a_webhook()
    world.rows.webhooks.add(assistant.id, webhook, SECRET, most=10)

    assert SECRET not in str(list(world.database["assistants"].find()))
    assert world.rows.webhooks.receiver(assistant.id, webhook.id) == Receiver(webhook.url, SECRET, False)
    assert world.rows.webhooks.receiver(assistant.id, new_id()) is None
    assert world.rows.webhooks.receiver(new_id(), webhook.id) is None


def test_there_are_no_more_than_so_many(world: World) -> None:
    assistant = world.assistant()

    added = [world.rows.webhooks.add(assistant.id, a_webhook(), SECRET, most=3) for _ in range(5)]

    assert added == [True, True, True, False, False]
    assert len(webhooks_of(world, assistant.id)) == 3


def test_one_of_several_is_removed(world: World) -> None:
    assistant, webhooks = world.assistant(), [a_webhook() for _ in range(3)]
    for webhook in webhooks:
        world.rows.webhooks.add(assistant.id, webhook, SECRET, most=10)

    assert world.rows.webhooks.remove(assistant.id, webhooks[1].id)
    assert not world.rows.webhooks.remove(assistant.id, webhooks[1].id)
    assert not world.rows.webhooks.remove(new_id(), webhooks[0].id)

    assert webhooks_of(world, assistant.id) == (webhooks[0], webhooks[2])


def test_one_of_several_is_disabled(world: World) -> None:
    assistant, webhooks = world.assistant(), [a_webhook() for _ in range(3)]
    for webhook in webhooks:
        world.rows.webhooks.add(assistant.id, webhook, SECRET, most=10)

    world.rows.webhooks.disable(assistant.id, webhooks[1].id, NOW)

    assert webhooks_of(world, assistant.id) == (webhooks[0], replace(webhooks[1], disabled_at=NOW), webhooks[2])
    receiver = world.rows.webhooks.receiver(assistant.id, webhooks[1].id)
    assert receiver is not None
    assert receiver.is_disabled


def test_those_of_a_deleted_assistant_get_nothing(world: World, rows: Repositories) -> None:
    assistant, webhook = world.assistant(), a_webhook()
    rows.webhooks.add(assistant.id, webhook, SECRET, most=10)

    rows.assistants.mark_deleted(assistant.id, NOW)

    assert rows.webhooks.receiver(assistant.id, webhook.id) is None

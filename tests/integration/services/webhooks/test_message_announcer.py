"""Every message is announced, whatever its process died of; and none twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.domain.assistants import Assistant
from app.domain.chats import Chat, ChatState
from app.domain.ids import new_id
from app.domain.webhooks import Contact, EventType, Webhook
from app.services.webhooks.message_announcer import MessageAnnouncer
from app.services.webhooks.message_events import MessageEvents
from tests.fakes.fate import Fate, Killed
from tests.integration.rows import NOW, World
from tests.integration.services.announcing import events_over

RECEIVED, ANSWERED = EventType.MESSAGE_RECEIVED, EventType.MESSAGE_ANSWERED
FAILED, HANDOVER = EventType.MESSAGE_FAILED, EventType.CONVERSATION_HANDOVER


class Announcing:
    """An assistant with a webhook, and messages to it."""

    def __init__(self, world: World) -> None:
        self.world, self.rows = world, world.rows
        self.assistant: Assistant = world.assistant(id=new_id())
        webhook = Webhook(new_id(), "https://example.com/", tuple(EventType), NOW)
        self.rows.webhooks.add(self.assistant.id, webhook, "whsec_AAAA", 10)
        found = self.rows.assistants.by_id(self.assistant.id)
        assert found is not None
        self.assistant = found

    def message(self, state: ChatState = ChatState.ANSWERING, **values: Any) -> Chat:
        """A marked message in a conversation of its own."""
        until = self.world.now() + timedelta(minutes=1) if state is ChatState.ANSWERING else None
        conversation = self.world.conversation(assistant_id=self.assistant.id)
        chat = self.world.chat(conversation, state=state, until=until, announce=True, **values)
        self.world.opened(chat)
        return chat

    def process(self, over: Callable[[Any], Any] = lambda rows: rows) -> MessageAnnouncer:
        """What announces messages in a new process."""
        rows, clock = self.rows, self.world.clock
        events = over(events_over(rows, clock))
        return MessageAnnouncer(
            events, MessageEvents(rows.assistants, rows.conversations), over(rows.messages), clock, lambda: None
        )

    def told(self, chat: Chat) -> list[EventType]:
        """What webhooks are told of a message, sorted."""
        every = self.rows.webhook_deliveries.page(self.assistant.id, None, None, None, 500)
        contact = Contact(chat.conversation_id, chat.id)
        return sorted(one.type for one in every if one.contact == contact)

    def is_marked(self, chat: Chat) -> bool:
        found = self.rows.messages.by_id(chat.id)
        return found is not None and found.announce


@pytest.fixture
def announcing(world: World) -> Announcing:
    return Announcing(world)


@pytest.mark.parametrize(
    ("state", "values", "told"),
    [
        (ChatState.ANSWERED, {}, [ANSWERED, RECEIVED]),
        (ChatState.ANSWERED, {"handover_reason": "Pediu."}, [HANDOVER, ANSWERED, RECEIVED]),
        (ChatState.FAILED, {"error": "model_failed"}, [FAILED, RECEIVED]),
        (ChatState.LEFT, {}, [RECEIVED]),
        (ChatState.MERGED, {}, [RECEIVED]),
    ],
)
def test_a_message_is_told_by_hints_or_by_the_sweep(
    announcing: Announcing, state: ChatState, values: dict[str, Any], told: list[EventType]
) -> None:
    hinted, swept = (announcing.message(state, **values) for _ in range(2))
    announcer = announcing.process()
    announcer.received(announcing.assistant, hinted)
    announcer.ended(hinted.id)
    announcer.ended(hinted.id)
    assert announcing.told(hinted) == []  # who works on the message does not wait for this
    announcer.run()
    assert announcing.told(hinted) == told
    assert announcing.told(swept) == []

    announcing.process().sweep()
    announcer.sweep()

    for chat in (hinted, swept):
        assert announcing.told(chat) == told
        assert not announcing.is_marked(chat)


def test_a_message_that_is_not_marked_is_not_told(announcing: Announcing, world: World) -> None:
    conversation = world.conversation(assistant_id=announcing.assistant.id)
    chat = world.chat(conversation, state=ChatState.ANSWERED)
    announcer = announcing.process()

    announcer.received(announcing.assistant, chat)
    announcer.ended(chat.id)
    announcer.run()
    announcer.sweep()

    assert announcing.told(chat) == []


def test_a_message_under_way_is_told_to_have_come_and_no_more(announcing: Announcing) -> None:
    chat, announcer = announcing.message(), announcing.process()
    announcer.received(announcing.assistant, chat)
    announcer.run()
    for process in (announcer, announcing.process()):
        process.sweep()

    assert announcing.told(chat) == [RECEIVED]
    assert announcing.is_marked(chat)


def test_what_a_process_died_with_fails_once_its_time_is_over(announcing: Announcing) -> None:
    chat = announcing.message()
    announcing.process().sweep()
    assert announcing.told(chat) == []

    announcing.world.clock.advance(minutes=2)
    announcing.process().sweep()

    assert announcing.told(chat) == [FAILED, RECEIVED]
    found = announcing.rows.messages.by_id(chat.id)
    assert found is not None
    assert (found.state, found.error, found.announce) == (ChatState.FAILED, "interrupted", False)


def test_an_end_that_could_not_be_marked_yet_is_left_to_the_sweep(announcing: Announcing) -> None:
    chat, announcer = announcing.message(), announcing.process()
    announcer.received(announcing.assistant, chat)
    announcer.ended(chat.id)
    announcer.run()
    assert announcing.told(chat) == [RECEIVED]

    announcing.rows.messages.fail(chat, "service_unavailable")
    announcer.sweep()

    assert announcing.told(chat) == [FAILED, RECEIVED]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(4))
def test_a_process_that_dies_at_any_step_loses_nothing(announcing: Announcing, step: int, after: bool) -> None:
    chat, fate = announcing.message(ChatState.ANSWERED, handover_reason="Pediu."), Fate(step, Killed, after=after)
    dying = announcing.process(fate.over)
    dying.received(announcing.assistant, chat)
    dying.ended(chat.id)
    with pytest.raises(Killed):
        dying.run()

    announcing.process().sweep()

    assert announcing.told(chat) == [HANDOVER, ANSWERED, RECEIVED]
    assert not announcing.is_marked(chat)


def test_during_an_outage_it_waits_for_the_sweep(announcing: Announcing) -> None:
    chat, fate = announcing.message(ChatState.ANSWERED), Fate(1, ConnectionError, after=False)
    announcer = announcing.process(fate.over)
    announcer.received(announcing.assistant, chat)
    announcer.ended(chat.id)
    announcer.run()
    assert announcing.told(chat) == [RECEIVED]

    announcer.sweep()

    assert announcing.told(chat) == [ANSWERED, RECEIVED]


@pytest.mark.parametrize("state", [ChatState.FAILED, ChatState.ANSWERING])
def test_the_failure_of_a_message_whose_retry_takes_its_place_is_told_before(
    announcing: Announcing, state: ChatState
) -> None:
    chat = announcing.message(state)

    announcing.process().before_removal(chat)
    announcing.rows.messages.remove(chat)
    announcing.process().sweep()

    assert announcing.told(chat) == [FAILED, RECEIVED]


def test_an_erased_conversation_is_not_told_of(announcing: Announcing) -> None:
    chat, announcer = announcing.message(ChatState.ANSWERED), announcing.process()
    announcer.received(announcing.assistant, chat)
    announcer.run()
    announcing.rows.webhook_deliveries.delete_of_conversation(chat.conversation_id, new_id())
    announcing.rows.messages.remove(chat)
    announcer.ended(chat.id)
    announcer.run()
    announcer.sweep()

    assert announcing.told(chat) == []


def test_more_hints_than_there_is_room_for_are_left_to_the_sweep(
    announcing: Announcing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.webhooks.message_hints._MOST_HINTS", 3)
    chats, announcer = [announcing.message(ChatState.ANSWERED) for _ in range(4)], announcing.process()
    for chat in chats:
        announcer.received(announcing.assistant, chat)
    for chat in chats:
        announcer.ended(chat.id)
    announcer.run()

    announcer.sweep()

    assert [announcing.told(chat) for chat in chats] == [[ANSWERED, RECEIVED]] * 4

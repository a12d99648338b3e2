"""Every switch of a conversation is announced, whatever its process died of; and none twice."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.assistants import Assistant
from app.domain.conversations import Conversation
from app.domain.ids import new_id
from app.domain.webhooks import EventType, Webhook
from app.services.conversations import ConversationSwitch
from app.services.webhooks.conversation_announcer import ConversationAnnouncer
from tests.fakes.fate import Fate, Killed
from tests.integration.rows import NOW, World
from tests.integration.services.announcing import UNHEARD, events_over

HANDOVER, REACTIVATED = EventType.CONVERSATION_HANDOVER, EventType.CONVERSATION_REACTIVATED


class Switching:
    """A conversation of an assistant with a webhook."""

    def __init__(self, world: World, *events: EventType) -> None:
        self.world, self.rows = world, world.rows
        assistant = world.assistant()
        webhook = Webhook(new_id(), "https://example.com/", events, NOW)
        self.rows.webhooks.add(assistant.id, webhook, "whsec_AAAA", 10)
        self.assistant: Assistant = replace(assistant, webhooks=(webhook,))
        self.conversation = world.opened(world.chat(world.conversation(assistant_id=assistant.id)))

    def announcer(self, over: Callable[[Any], Any] = lambda rows: rows) -> ConversationAnnouncer:
        events = events_over(self.rows, self.world.clock)
        return ConversationAnnouncer(over(events), self.rows.assistants, over(self.rows.conversations))

    def process(self, over: Callable[[Any], Any] = lambda rows: rows) -> ConversationSwitch:
        rows, announcer = self.rows, self.announcer(over)
        return ConversationSwitch(
            over(rows.conversations), rows.conversation_queue, rows.messages, announcer, self.world.clock
        )

    def now(self) -> Conversation:
        found = self.rows.conversations.by_id(self.conversation.id)
        assert found is not None
        return found

    def told(self) -> list[EventType]:
        every = self.rows.webhook_deliveries.page(self.assistant.id, None, None, None, 500)
        return [one.type for one in reversed(every)]

    def is_marked(self) -> bool:
        return self.conversation.id in [one.id for one, _ in self.rows.conversations.to_announce()]


@pytest.fixture
def switching(world: World) -> Switching:
    return Switching(world, *EventType)


def test_each_switch_is_told_once_and_what_changes_nothing_is_not(switching: Switching) -> None:
    switch = switching.process()
    for active in (False, False, True, True, False):
        switch.switch(switching.assistant, switching.now(), active=active)
    switching.announcer().sweep()

    assert switching.told() == [HANDOVER, REACTIVATED, HANDOVER]
    assert not switching.is_marked()


def test_what_no_webhook_wants_leaves_no_mark(world: World) -> None:
    switching = Switching(world, REACTIVATED)
    switching.process().switch(switching.assistant, switching.now(), active=False)
    assert (switching.told(), switching.is_marked()) == ([], False)

    switching.process().switch(UNHEARD, switching.now(), active=True)

    assert (switching.told(), switching.is_marked()) == ([], False)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(3))
def test_a_process_that_dies_at_any_step_loses_nothing(switching: Switching, step: int, after: bool) -> None:
    before = switching.now()
    dying = switching.process(Fate(step, Killed, after=after).over)
    with pytest.raises(Killed):
        dying.switch(switching.assistant, before, active=False)

    switching.process().switch(switching.assistant, switching.now(), active=False)
    for _ in range(2):
        switching.announcer().sweep()

    assert switching.told() == [HANDOVER]
    assert not switching.is_marked()


def test_an_outage_at_the_announcement_does_not_fail_the_switch(switching: Switching) -> None:
    fate = Fate(1, ConnectionError, after=False)

    switching.process(fate.over).switch(switching.assistant, switching.now(), active=False)

    assert not switching.now().active
    assert (switching.told(), switching.is_marked()) == ([], True)
    switching.announcer().sweep()
    assert (switching.told(), switching.is_marked()) == ([HANDOVER], False)


def test_two_switches_that_were_not_told_are_told_both(switching: Switching) -> None:
    for active in (False, True):
        dying = switching.process(Fate(1, Killed, after=False).over)
        with pytest.raises(Killed):
            dying.switch(switching.assistant, switching.now(), active=active)

    switching.announcer().sweep()

    assert switching.told() == [HANDOVER, REACTIVATED]

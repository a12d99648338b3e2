"""Erasing conversations, whatever comes in between."""

import pytest

from app.domain.chats import Chat, ChatFilter
from app.domain.conversations import Conversation
from app.domain.ids import new_id
from app.services.erasure import Erasure
from app.services.ports.conversations import ConversationRows
from app.settings import load_settings
from app.wiring.audit import audit_log
from app.wiring.repositories import Repositories
from app.wiring.usage import compose_usage
from tests.integration.rows import World


@pytest.fixture
def erasure(world: World, rows: Repositories) -> Erasure:
    usage = compose_usage(load_settings(None), rows, world.clock)
    erased: dict[str, ConversationRows] = {"chats": usage.counting, "webhook_deliveries": rows.webhook_deliveries}
    return Erasure(
        rows.erasures,
        rows.conversations,
        erased,
        world.clock,
        audit_log(rows, world.clock),
    )


@pytest.fixture
def conversation(world: World) -> Conversation:
    """A conversation of three chats."""
    chats = [world.chat(world.conversation())]
    conversation = world.opened(chats[0])
    for _ in range(2):
        conversation = world.opened(world.chat(conversation))
    return conversation


def chats_of(rows: Repositories, conversation: Conversation) -> list[Chat]:
    return rows.chats.page(ChatFilter(conversation_ids=[conversation.id]), None, 99)[::-1]


def orders_of(rows: Repositories, conversation: Conversation) -> list[str]:
    return [before for one, before in rows.erasures.ordered() if one == conversation.id]


def test_everything_is_gone_at_once(rows: Repositories, erasure: Erasure, conversation: Conversation) -> None:
    erasure.erase(conversation)

    assert rows.conversations.by_id(conversation.id) is None
    assert chats_of(rows, conversation) == []


def test_chats_of_a_clock_that_is_ahead_go_too(
    world: World, rows: Repositories, erasure: Erasure, conversation: Conversation
) -> None:
    ahead = world.chat(conversation, id=f"{int(new_id(), 16) + (1 << 64):024x}")

    erasure.erase(world.opened(ahead))

    assert rows.conversations.by_id(conversation.id) is None
    assert chats_of(rows, conversation) == []


def test_what_came_before_and_is_written_late_goes_with_the_next_sweep(
    world: World, rows: Repositories, erasure: Erasure, conversation: Conversation
) -> None:
    came_before = new_id()
    erasure.erase(conversation)
    world.opened(world.chat(conversation, id=came_before))
    assert len(chats_of(rows, conversation)) == 1

    erasure.sweep()

    assert rows.conversations.by_id(conversation.id) is None
    assert chats_of(rows, conversation) == []


def test_what_comes_afterwards_stays(
    world: World, rows: Repositories, erasure: Erasure, conversation: Conversation
) -> None:
    erasure.erase(conversation)
    later = world.chat(conversation)
    begun_anew = world.opened(later)

    for minutes in (0, 16, 16):
        world.clock.advance(minutes=minutes)
        erasure.sweep()

    assert rows.conversations.by_id(conversation.id) is not None
    assert begun_anew.latest_chat_id == later.id
    assert [chat.id for chat in chats_of(rows, conversation)] == [later.id]


def test_an_order_is_followed_until_nothing_can_come_back(
    world: World, rows: Repositories, erasure: Erasure, conversation: Conversation
) -> None:
    erasure.erase(conversation)

    world.clock.advance(minutes=14)
    erasure.sweep()
    assert len(orders_of(rows, conversation)) == 1

    world.clock.advance(minutes=2)
    erasure.sweep()
    assert orders_of(rows, conversation) == []


def test_an_order_that_was_cut_off_is_followed_by_a_sweep(
    rows: Repositories, erasure: Erasure, conversation: Conversation
) -> None:
    rows.erasures.order(conversation, new_id())

    erasure.sweep()

    assert rows.conversations.by_id(conversation.id) is None
    assert chats_of(rows, conversation) == []

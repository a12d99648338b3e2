"""The line of a conversation, with several processes that come at the same moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation
from app.domain.errors import ConflictError, ModelTimeoutError
from app.domain.ids import new_id
from app.services.messages.line import Line
from app.services.messages.rules import MessageRules, TimeLimit
from app.services.messages.settlements import Settlements
from app.wiring.repositories import Repositories
from tests.integration.rows import World

RULES = MessageRules(characters=4096, timeout_seconds=30, history_turns=10)
HANG_SECONDS = 20
ENDLESS = 3600.0


class Interrupted:
    """Messages; `then` happens right after the first one was stored."""

    def __init__(self, rows: Repositories, then: Callable[[Chat], None]) -> None:
        self._messages, self._then = rows.messages, then
        self._done = False

    def add(self, chat: Chat) -> bool:
        stored = self._messages.add(chat)
        if not self._done:
            self._done = True
            self._then(chat)
        return stored

    def __getattr__(self, name: str) -> Any:
        return getattr(self._messages, name)


class Unreachable:
    """Chats whose database has gone."""

    def since(self, conversation_id: str, oldest: str) -> list[Chat]:
        raise AutoReconnect("gone")


@pytest.fixture
def conversation(world: World) -> Conversation:
    return world.conversation()


def message(world: World, conversation: Conversation, **values: Any) -> Chat:
    """A message that waits to be answered, not stored yet."""
    chat = Chat(
        id=new_id(),
        assistant_id=conversation.assistant_id,
        owner_id=conversation.owner_id,
        conversation_id=conversation.id,
        channel=conversation.channel,
        username=None,
        active=True,
        message="Oi",
        created_at=world.now(),
        state=ChatState.ANSWERING,
        until=world.now() + timedelta(minutes=1),
    )
    return replace(chat, **values)


def line(world: World, messages: Any = None, chats: Any = None, settlements: Settlements | None = None) -> Line:
    """That of another process."""
    rows = world.rows
    return Line(messages or rows.messages, chats or rows.chats, settlements or Settlements(), world.clock, RULES)


def test_who_comes_later_stands_behind(world: World, conversation: Conversation) -> None:
    first, second = (line(world).join(conversation.id, lambda: message(world, conversation)) for _ in range(2))

    assert first is not None
    assert second is not None
    assert first.chat.id < second.chat.id
    assert (first.before, [one.id for one in second.before]) == ((), [first.chat.id])


def test_of_two_at_the_same_moment_one_stands_behind_the_other(
    world: World, rows: Repositories, conversation: Conversation
) -> None:
    """The first has an id but is seen by nobody yet while the second, with a greater one, looks around."""
    joined = []

    def another_comes(_: Chat) -> None:
        joined.append(line(world).join(conversation.id, lambda: greater))

    smaller, greater = message(world, conversation, message="A"), message(world, conversation, message="B")
    place = line(world, Interrupted(rows, another_comes)).join(conversation.id, lambda: smaller)

    assert place is not None
    assert place.chat.id > greater.id
    assert [one.id for one in place.before] == [greater.id]
    assert [one.message for one in rows.chats.since(conversation.id, "0" * 24)] == ["B", "A"]
    (other,) = joined
    assert other is not None
    assert line(world).look_again(other).before == ()


def test_of_one_process_nobody_comes_at_the_same_moment(
    world: World, rows: Repositories, conversation: Conversation
) -> None:
    comes, places, waiting = Event(), [], []

    def another() -> Chat:
        comes.set()
        return message(world, conversation, message="B")

    def another_comes(_: Chat) -> None:
        waiting.append(Thread(target=lambda: places.append(one.join(conversation.id, another)), daemon=True))
        waiting[0].start()
        assert not comes.wait(0.3)

    one = line(world, Interrupted(rows, another_comes))
    first = one.join(conversation.id, lambda: message(world, conversation, message="A"))
    waiting[0].join(HANG_SECONDS)

    assert first is not None
    assert [place and [chat.id for chat in place.before] for place in places] == [[first.chat.id]]


def test_a_message_that_was_merged_at_that_moment_is_stored_once(
    world: World, rows: Repositories, conversation: Conversation
) -> None:
    mine = message(world, conversation, state=ChatState.GATHERING)
    greater = message(world, conversation)

    def merged(chat: Chat) -> None:
        rows.messages.add(greater)
        assert rows.messages.merge(chat.id, greater.id)

    place = line(world, Interrupted(rows, merged)).join(conversation.id, lambda: mine)

    assert place is not None
    assert place.chat.id == mine.id
    assert len(rows.chats.since(conversation.id, "0" * 24)) == 2


def test_what_a_person_wrote_stands_in_no_line(
    world: World, rows: Repositories, conversation: Conversation
) -> None:
    mine = message(world, conversation)
    world.chat(conversation, by_person=True)

    place = line(world).join(conversation.id, lambda: mine)

    assert place is not None
    assert place.chat.id == mine.id


def test_a_key_that_is_taken(world: World, conversation: Conversation) -> None:
    key = (new_id(),)

    first, second = (
        line(world).join(conversation.id, lambda: message(world, conversation, keys=key, fingerprint="x"))
        for _ in range(2)
    )

    assert first is not None
    assert second is None


def test_nobody_waits_here_for_a_message_that_could_not_be_placed(world: World, conversation: Conversation) -> None:
    settlements, mine = Settlements(), message(world, conversation)

    with pytest.raises(AutoReconnect):
        line(world, chats=Unreachable(), settlements=settlements).join(conversation.id, lambda: mine)

    waiting = Thread(target=settlements.wait_for_another, args=(mine.id, ENDLESS), daemon=True)
    waiting.start()
    waiting.join(HANG_SECONDS)
    assert not waiting.is_alive()


@pytest.mark.parametrize("state", [ChatState.ANSWERED, ChatState.FAILED, ChatState.LEFT, ChatState.MERGED])
def test_nobody_waits_for_what_is_settled(world: World, conversation: Conversation, state: ChatState) -> None:
    settled = world.chat(conversation, state=state, until=None)
    one = line(world)
    place = one.join(conversation.id, lambda: message(world, conversation))

    assert place is not None
    assert [chat.id for chat in one.wait(place, TimeLimit(0)).before] == [settled.id]


@pytest.mark.parametrize("state", [ChatState.ANSWERING, ChatState.GATHERING])
def test_what_is_worked_on_is_waited_for_until_its_time_is_up(
    world: World, conversation: Conversation, state: ChatState
) -> None:
    world.rows.messages.add(message(world, conversation, state=state))
    one = line(world)
    place = one.join(conversation.id, lambda: message(world, conversation))
    assert place is not None

    with pytest.raises(ModelTimeoutError):
        one.wait(place, TimeLimit(0.05))
    world.clock.advance(minutes=2)
    assert one.wait(place, TimeLimit(0)) == place


def test_a_conversation_that_was_deleted(world: World, rows: Repositories, conversation: Conversation) -> None:
    one = line(world)
    place = one.join(conversation.id, lambda: message(world, conversation))
    assert place is not None
    rows.chats.delete_of_conversation(conversation.id, new_id())

    with pytest.raises(ConflictError, match="deleted"):
        one.look_again(place)

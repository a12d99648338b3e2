"""The queue of a conversation, with several processes on one database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import AutoReconnect

from app.domain.assistants import Assistant
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Channel, Conversation, conversation_id_of
from app.domain.deadline import Deadline
from app.domain.errors import BusyError, ConflictError, ModelTimeoutError
from app.domain.ids import new_id
from app.services.conversations import ConversationSwitch
from app.services.messages import MessageRules
from app.services.messages.completion import Completion, CompletionSignals
from app.services.messages.message import MessageUnderWay
from app.services.messages.queue import ConversationQueue
from app.wiring.repositories import Repositories
from tests.fakes.fate import Fate
from tests.integration.rows import World
from tests.integration.services.announcing import UNHEARD, conversation_announcer

RULES = MessageRules(characters=4096, timeout_seconds=30, history_turns=10)
CHANNEL = Channel("+55", "Whatsapp")


class Interrupted:
    """Messages; `then` happens right after the first one was stored, before it joins its queue."""

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


class NoRemoval:
    """Of messages that failed, which here nobody retries."""

    def delete_failed(self, chat_ids: Sequence[str]) -> None:
        """Not asked for."""


@dataclass
class Conversing:
    """One conversation, and processes that take its messages."""

    world: World
    assistant: Assistant

    @property
    def id(self) -> str:
        return conversation_id_of(self.assistant.id, CHANNEL)

    def process(self, messages: Any = None) -> "Process":
        rows, signals = self.world.rows, CompletionSignals()
        messages = messages or rows.messages
        completion = Completion(messages, rows.conversation_queue, signals, NoRemoval(), self.world.clock)
        queue = ConversationQueue(messages, rows.conversation_queue, completion, signals, self.world.clock)
        return Process(self, queue, completion)

    def message(self, text: str = "Oi", **values: Any) -> Chat:
        """A message that waits to be answered, not stored yet."""
        chat = Chat(
            id=new_id(),
            assistant_id=self.assistant.id,
            owner_id=self.assistant.owner_id,
            conversation_id=self.id,
            channel=CHANNEL,
            username=None,
            active=True,
            message=text,
            created_at=self.world.now(),
            state=ChatState.ANSWERING,
            until=self.world.now() + timedelta(minutes=1),
        )
        return replace(chat, **values)

    def now(self) -> Conversation:
        found = self.world.rows.conversations.by_id(self.id)
        assert found is not None
        return found

    def queued(self) -> list[str]:
        return [entry.chat_id for entry in self.now().queue]

    def record(self) -> list[str]:
        wanted = {"conversation_id": ObjectId(self.id)}
        return [row["message"] for row in self.world.database["chats"].find(wanted).sort("_id")]


@dataclass
class Process:
    """One process of the service."""

    conversing: Conversing
    queue: ConversationQueue
    completion: Completion

    def join(self, chat: Chat, seconds: float = 30, **rules: Any) -> MessageUnderWay:
        joined = self.queue.join(self.conversing.assistant, chat, replace(RULES, **rules), Deadline(seconds))
        assert joined is not None
        return joined


@pytest.fixture
def here(world: World) -> Conversing:
    return Conversing(world, world.assistant())


def test_who_comes_later_stands_behind(here: Conversing) -> None:
    first, second = (here.process().join(here.message()) for _ in range(2))

    assert first.chat.id < second.chat.id
    assert (first.ahead, [entry.chat_id for entry in second.ahead]) == ((), [first.chat.id])
    assert here.queued() == [first.chat.id, second.chat.id]


def test_who_is_overtaken_before_joining_takes_a_higher_id(here: Conversing) -> None:
    joined = []

    def another_comes(_: Chat) -> None:
        joined.append(here.process().join(here.message("B")))

    first = here.process(Interrupted(here.world.rows, another_comes)).join(here.message("A"))

    (other,) = joined
    assert first.chat.id > other.chat.id
    assert [entry.chat_id for entry in first.ahead] == [other.chat.id]
    assert here.record() == ["B", "A"]


def test_a_key_that_is_taken(here: Conversing) -> None:
    key: dict[str, Any] = {"keys": (new_id(),), "fingerprint": "x"}
    here.process().join(here.message(**key))

    again = here.process().queue.join(here.assistant, here.message(**key), RULES, Deadline(30))

    assert again is None
    assert len(here.queued()) == 1


def test_a_full_queue_takes_no_more_and_stores_nothing(here: Conversing) -> None:
    for _ in range(3):
        here.process().join(here.message(), queue_length=2)

    with pytest.raises(BusyError):
        here.process().join(here.message("Mais uma"), queue_length=2)

    assert here.record() == ["Oi", "Oi", "Oi"]
    assert len(here.queued()) == 3


def test_what_found_no_room_and_could_not_be_removed_is_marked_as_failed(here: Conversing) -> None:
    here.process().join(here.message(), queue_length=0)
    removal_fails = Fate(1, AutoReconnect, after=False)

    with pytest.raises(AutoReconnect):
        here.process(removal_fails.over(here.world.rows.messages)).join(here.message("Mais uma"), queue_length=0)

    assert removal_fails.struck_at == "remove"
    row = here.world.database["chats"].find_one({"conversation_id": ObjectId(here.id), "message": "Mais uma"})
    assert (row or {})["state"] == ChatState.FAILED


def answered(process: Process, under_way: MessageUnderWay) -> Chat:
    return process.completion.answered(replace(under_way.chat, response="Olá!"), under_way.epoch)


def test_answered_messages_are_not_waited_for_and_taken_out_by_fives(here: Conversing) -> None:
    processes, stay = [here.process() for _ in range(2)], []
    for number in range(6):
        process = processes[number % 2]
        joined = process.join(here.message())
        assert joined.ahead == ()
        stay.append(len(here.queued()))
        answered(process, joined)

    assert stay == [1, 2, 3, 4, 5, 1]


@pytest.mark.parametrize("history_turns", [0, 10])
def test_answered_messages_make_room(here: Conversing, history_turns: int) -> None:
    process = here.process()
    for _ in range(30):
        joined = process.join(here.message(), queue_length=2, history_turns=history_turns)
        assert joined.ahead == ()
        assert len(here.queued()) <= 3
        answered(process, joined)
    waiting = [process.join(here.message(), queue_length=2) for _ in range(3)]

    assert [len(one.ahead) for one in waiting] == [0, 1, 2]
    with pytest.raises(BusyError):
        process.join(here.message(), queue_length=2)


def test_a_switch_leaves_answered_messages_alone(here: Conversing) -> None:
    process, rows = here.process(), here.world.rows
    chat = answered(process, process.join(here.message()))
    under_way = process.join(here.message())

    clock = here.world.clock
    announcer = conversation_announcer(rows, clock)
    switch = ConversationSwitch(rows.conversations, rows.conversation_queue, rows.messages, announcer, clock)
    switch.switch(UNHEARD, here.now(), active=False)

    found = [rows.messages.by_id(one.id) for one in (chat, under_way.chat)]
    assert [one.epoch for one in found if one] == [chat.epoch, 1]


def test_dead_messages_make_room(here: Conversing) -> None:
    dead = [here.process().join(here.message(until=here.world.now())).chat for _ in range(3)]

    alive = here.process().join(here.message(), queue_length=2)

    assert here.queued() == [alive.chat.id]
    found = [here.world.rows.chats.by_id(chat.id) for chat in dead]
    assert [chat.state for chat in found if chat] == [ChatState.FAILED] * 3


def test_what_could_not_join_fails_and_may_be_retried(here: Conversing) -> None:
    class Unreachable:
        def join(self, *_: Any) -> None:
            raise AutoReconnect("gone")

        def __getattr__(self, name: str) -> Any:
            return getattr(here.world.rows.conversation_queue, name)

    process, chat = here.process(), here.message()
    process.queue._rows = Unreachable()

    with pytest.raises(AutoReconnect):
        process.join(chat)

    stored = here.world.rows.chats.by_id(chat.id)
    assert stored is not None
    assert stored.state is ChatState.FAILED


def test_who_waits_goes_on_when_all_ahead_have_ended(here: Conversing) -> None:
    process = here.process()
    first, second = process.join(here.message()), process.join(here.message())
    process.completion.answered(replace(first.chat, response="Olá!"), first.epoch)

    waited = process.queue.wait(second)

    assert waited.ahead == ()
    assert [(chat.message, chat.response) for chat in waited.earlier] == [("Oi", "Olá!")]


@pytest.mark.parametrize("state", [ChatState.ANSWERING, ChatState.GATHERING])
def test_who_is_answered_is_waited_for_until_its_time_is_up(here: Conversing, state: ChatState) -> None:
    until = here.world.now() + timedelta(seconds=1)
    dead = here.process().join(here.message(state=state, until=until))
    waiting = here.process().join(here.message(), seconds=0.05)

    with pytest.raises(ModelTimeoutError):
        here.process().queue.wait(waiting)
    waited = here.process().queue.wait(replace(waiting, deadline=Deadline(20)))

    assert waited.ahead == ()
    cleared = here.world.rows.chats.by_id(dead.chat.id)
    assert cleared is not None
    assert cleared.state is ChatState.FAILED


class Failing:
    """Messages that cannot be marked failed while `is_down`."""

    def __init__(self, rows: Repositories) -> None:
        self._messages, self.is_down = rows.messages, True

    def fail(self, chat: Chat, error: str) -> bool:
        if self.is_down:
            raise AutoReconnect("gone")
        return self._messages.fail(chat, error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._messages, name)


def test_a_failure_is_marked_when_the_database_is_back(here: Conversing) -> None:
    messages = Failing(here.world.rows)
    process = here.process(messages)
    joined = process.join(here.message())

    process.completion.failed(joined.chat, ModelTimeoutError("Too late."))
    process.completion.mark_failures()
    assert here.queued() == [joined.chat.id]

    messages.is_down = False
    process.completion.mark_failures()

    failed = here.world.rows.chats.by_id(joined.chat.id)
    assert failed is not None
    assert (failed.state, failed.error, here.queued()) == (ChatState.FAILED, "model_timeout", [])


def test_failures_of_an_outage_are_remembered_up_to_a_bound(here: Conversing) -> None:
    messages = Failing(here.world.rows)
    process = here.process(messages)
    chats = [here.message() for _ in range(502)]
    for chat in (chats[0], chats[-1]):
        assert here.world.rows.messages.add(chat)

    for chat in chats:
        process.completion.failed(chat, ModelTimeoutError("Too late."))
    messages.is_down = False
    process.completion.mark_failures()

    forgotten, remembered = (here.world.rows.messages.by_id(chat.id) for chat in (chats[0], chats[-1]))
    assert forgotten is not None
    assert remembered is not None
    assert (forgotten.state, remembered.state) == (ChatState.ANSWERING, ChatState.FAILED)


def test_an_answer_is_void_once_its_message_was_cleared_away(here: Conversing) -> None:
    slow, next_one = here.process(), here.process()
    late = slow.join(here.message(until=here.world.now() + timedelta(seconds=0.2)))
    next_one.queue.wait(next_one.join(here.message()))

    with pytest.raises(ModelTimeoutError):
        slow.completion.answered(replace(late.chat, response="Tarde demais."), late.epoch)

    assert "Tarde demais." not in str(
        [chat.response for chat in [here.world.rows.chats.by_id(late.chat.id)] if chat]
    )


def test_an_answer_after_its_time_is_void_though_nobody_waits(here: Conversing) -> None:
    process = here.process()
    late = process.join(here.message())
    here.world.clock.advance(minutes=2)

    with pytest.raises(ModelTimeoutError):
        process.completion.answered(replace(late.chat, response="Tarde demais."), late.epoch)


def test_a_message_that_ended_without_leaving_holds_nobody_up(here: Conversing) -> None:
    ended = here.process().join(here.message())
    here.world.rows.messages.fail(ended.chat, "model_failed")

    waiting = here.process().join(here.message(), seconds=5)

    assert here.process().queue.wait(waiting).ahead == ()


def test_a_promise_of_a_person_that_was_cut_off_is_kept_by_the_next_message(here: Conversing) -> None:
    promised = here.process().join(here.message())
    answered = replace(promised.chat, response="Já chamo alguém.", handover_reason="Desconto")
    assert here.world.rows.messages.answer(answered, 0, here.world.clock())

    waiting = here.process().join(here.message(), seconds=5)
    waited = here.process().queue.wait(waiting)

    assert waited.is_for_person
    assert (here.now().active, here.now().handover_reason) == (False, "Desconto")


def test_a_promise_of_a_person_that_was_cut_off_is_kept_by_the_sweep(here: Conversing) -> None:
    process = here.process()
    promised = process.join(here.message())
    answered = replace(promised.chat, response="Já chamo alguém.", handover_reason="Desconto")
    here.world.rows.messages.answer(answered, 0, here.world.clock())

    process.completion.sweep()
    here.process().completion.sweep()

    assert (here.now().active, here.now().epoch, here.queued()) == (False, 1, [])
    assert answered.id not in [chat.id for chat in here.world.rows.messages.handing_over()]


def test_a_promise_of_a_person_is_kept_though_its_message_is_cleared_away_meanwhile(here: Conversing) -> None:
    """Whoever clears it away read it as unanswered, just before its time was over."""
    promised = here.process().join(here.message())
    answered = replace(promised.chat, response="Já chamo alguém.", handover_reason="Desconto")
    assert here.world.rows.messages.answer(answered, 0, here.world.clock())

    here.process().completion.clear_away(here.id, promised.chat.id, promised.chat)

    assert (here.now().active, here.now().handover_reason, here.queued()) == (False, "Desconto", [])


def test_a_conversation_that_was_deleted(here: Conversing) -> None:
    process = here.process()
    joined = process.join(here.message())
    here.world.rows.chats.delete_of_assistant(here.assistant.id)
    here.world.rows.conversations.delete_of_assistant(here.assistant.id)

    with pytest.raises(ConflictError, match="deleted"):
        process.queue.look_again(joined)

"""POST /chats/enviarMensagemLLM: the messages of a conversation are answered one after another, in their order."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Lock
from typing import Any

import pytest

from app.domain.answers import Answer, Question, Turn
from app.domain.errors import ModelFailedError
from tests.api.crowd import HANG_SECONDS, Thinking, at_once, left_by_a_dead_process, meanwhile, wait_until
from tests.api.house import Caller, House, assert_error, open_house


@pytest.fixture(scope="module")
def other_house(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Another process on the same database, which waits two seconds."""
    with open_house(shared_house.database, tmp_path_factory.mktemp("other"), llm_timeout_seconds=2) as other:
        yield other


@pytest.fixture
def patient_house(shared_house: House, tmp_path: Path) -> Iterator[House]:
    """Another process on the same database, which waits as long as the first."""
    with open_house(shared_house.database, tmp_path) as patient:
        yield patient


@pytest.fixture
def other(other_house: House, gateway: Caller) -> Iterator[Caller]:
    """The gateway, at the other process."""
    other_house.model.questions.clear()
    other_house.model.answers.clear()
    yield replace(gateway, client=other_house.client)
    other_house.clock.offset *= 0


class OneAtATime:
    """Notes when the models of both processes work on two messages of one conversation at once."""

    def __init__(self) -> None:
        self.busy: Counter[str] = Counter()
        self.broken: list[str] = []
        self._lock = Lock()

    def watch(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = house.model.answer

        def watched(question: Question, within: float) -> Answer:
            conversation = question.message.partition(" ")[0]
            with self._lock:
                self.busy[conversation] += 1
                self.broken += [question.message] * (self.busy[conversation] > 1)
            try:
                return answer(question, within)
            finally:
                with self._lock:
                    self.busy[conversation] -= 1

        monkeypatch.setattr(house.model, "answer", watched)


def test_three_conversations_at_two_processes(
    house: House, patient_house: House, ana: Caller, gateway: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, other = OneAtATime(), replace(gateway, client=patient_house.client)
    for one in (house, patient_house):
        watch.watch(one, monkeypatch)
    messages = [(f"+{line}", f"+{line} {number}") for line in range(3) for number in range(10)]
    random.Random(3).shuffle(messages)
    gateways = [gateway, other] * 15

    def send(sender: Caller, channel: str, text: str) -> int:
        return sender.apart().say(text, channel).status_code

    statuses = at_once(
        *(
            lambda sender=sender, sent=sent: send(sender, *sent)
            for sender, sent in zip(gateways, messages, strict=True)
        )
    )

    assert (set(statuses), watch.broken) == ({200}, [])
    asked = {one.message: one for one in house.model.questions + patient_house.model.questions}
    assert len(asked) == 30
    for line in range(3):
        recorded = (ana.get(f"/chats/list?channel_id=%2B{line}").json or [])[::-1]
        assert [chat["_id"] for chat in recorded] == sorted(chat["_id"] for chat in recorded)
        for place, chat in enumerate(recorded):
            before = tuple(Turn(one["message"], one["response"]) for one in recorded[:place])
            assert asked[chat["message"]].history == before


def test_conversations_do_not_wait_for_each_other(house: House, gateway: Caller) -> None:
    together = Barrier(3)

    def only_with_the_others() -> str:
        together.wait(HANG_SECONDS)
        return "Resposta."

    house.model.answers.extend([only_with_the_others] * 3)

    got = at_once(*(lambda line=line: gateway.apart().say("Oi", f"+{line}") for line in range(3)))

    assert [response.status_code for response in got] == [200] * 3


@pytest.mark.parametrize("same_process", [True, False])
def test_a_later_message_waits_and_sees_the_earlier_answer(
    house: House, other_house: House, ana: Caller, gateway: Caller, other: Caller, same_process: bool
) -> None:
    thinking = Thinking("Em três dias.")
    house.model.answers.append(thinking)
    second = gateway if same_process else other

    with meanwhile(lambda: gateway.apart().say("Prazo?")):
        thinking.has_begun()
        with meanwhile(lambda: second.apart().say("E o preço?")) as later:
            wait_until(lambda: len(ana.ids("/chats/list")) == 2)
            assert not later.done()
            thinking.go.set()

    assert later.result().status_code == 200
    asked = (house if same_process else other_house).model.questions[-1]
    assert asked.history == (Turn("Prazo?", "Em três dias."),)


def test_a_failure_does_not_stop_the_next(house: House, ana: Caller, gateway: Caller) -> None:
    thinking = Thinking()

    def fail() -> str:
        thinking()
        raise ModelFailedError("The model gave no answer.")

    house.model.answers.append(fail)
    with meanwhile(lambda: gateway.apart().say("Prazo?")) as first:
        thinking.has_begun()
        with meanwhile(lambda: gateway.apart().say("E o preço?")) as later:
            wait_until(lambda: len(ana.ids("/chats/list")) == 2)
            thinking.go.set()

    assert (first.result().status_code, later.result().status_code) == (502, 200)
    assert house.model.questions[-1].history == (Turn("Prazo?", ""),)


def test_who_waits_too_long_is_told_and_may_come_again(
    house: House, other_house: House, ana: Caller, gateway: Caller, other: Caller
) -> None:
    thinking = Thinking()
    house.model.answers.append(thinking)

    with meanwhile(lambda: gateway.apart().say("Prazo?")):
        thinking.has_begun()
        assert_error(other.say("E o preço?", message_id="1"), 504, "model_timeout")
        thinking.go.set()

    assert other.say("E o preço?", message_id="1").status_code == 200
    assert len(ana.ids("/chats/list")) == 2
    assert other_house.model.questions[-1].history == (Turn("Prazo?", "Resposta."),)


def test_a_dead_process_stops_the_line_only_until_its_time_is_up(
    house: House, other_house: House, ana: Caller, assistant: dict[str, Any], other: Caller
) -> None:
    left_by_a_dead_process(house, assistant, "Prazo?", until=house.clock() + timedelta(seconds=1))

    with meanwhile(lambda: other.apart().say("E o preço?")) as later:
        wait_until(lambda: len(ana.ids("/chats/list")) == 2)
        assert not later.done()

    assert later.result().status_code == 200
    assert other_house.model.questions[-1].history == (Turn("Prazo?", ""),)


def test_dead_messages_of_other_conversations_stop_nobody(
    house: House, assistant: dict[str, Any], gateway: Caller
) -> None:
    left_by_a_dead_process(house, assistant, "Prazo?")

    assert gateway.say("Oi", "+5511900000000").status_code == 200


def test_a_conversation_that_is_deleted_meanwhile_gets_no_answer(
    house: House, ana: Caller, gateway: Caller
) -> None:
    thinking = Thinking()
    house.model.answers.append(thinking)

    with meanwhile(lambda: gateway.apart().say("Prazo?")) as first:
        thinking.has_begun()
        with meanwhile(lambda: gateway.apart().say("E o preço?")) as waiting:
            wait_until(lambda: len(ana.ids("/chats/list")) == 2)
            (conversation,) = ana.ids("/conversations/list")
            assert ana.delete(f"/conversations/delete/{conversation}").status_code == 200
            thinking.go.set()

    for response in (first.result(), waiting.result()):
        assert_error(response, 409, "conversation_deleted")
    assert ana.ids("/chats/list") == []
    assert len(house.model.questions) == 1


def test_an_assistant_that_is_deleted_meanwhile_leaves_nothing(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    def deleted_while_thinking() -> str:
        assert ana.apart().delete(f"/assistants/delete/{assistant['_id']}").status_code == 200
        return "Tarde demais."

    house.model.answers.append(deleted_while_thinking)

    assert_error(gateway.say("Prazo?"), 409, "conversation_deleted")
    assert house.rows_of(assistant["_id"])["chats"] == 0


@pytest.mark.parametrize("broken", [RuntimeError("a bug"), ValueError()])
def test_an_error_nobody_foresaw_stops_nobody(
    house: House, ana: Caller, gateway: Caller, broken: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gateway.client.application.config, "PROPAGATE_EXCEPTIONS", False)
    house.model.answers.append(broken)

    assert_error(gateway.say("Prazo?", message_id="1"), 500, "internal_error")

    assert gateway.say("E o preço?").status_code == 200
    assert gateway.say("Prazo?", message_id="1").status_code == 200
    assert len(ana.ids("/chats/list")) == 2

"""POST /chats/enviarMensagemLLM: no answer over a person who took the conversation over meanwhile."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId

from app.domain.answers import Turn
from app.domain.conversations import Conversation, ConversationFilter, QueueEntry
from tests.api.crowd import Thinking, at_once, meanwhile, wait_until
from tests.api.house import PHONE, Caller, House, assert_error, open_house

LATE = "Tarde demais."


@pytest.fixture(scope="module")
def other_house(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Another process on the same database."""
    with open_house(shared_house.database, tmp_path_factory.mktemp("other")) as other:
        yield other


@pytest.fixture
def operator(other_house: House, ana: Caller) -> Caller:
    """Ana, at the other process."""
    return replace(ana, client=other_house.client)


def take(operator: Caller, channel: str = PHONE) -> None:
    assert operator.apart().put(f"/chats/desativar/{channel}").status_code == 200


def give_back(operator: Caller) -> None:
    assert operator.apart().put(f"/chats/ativar/{PHONE}").status_code == 200


def write_oneself(operator: Caller) -> None:
    message = {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."}
    assert operator.apart().post("/chats/mensagemHumana", message).status_code == 201


def take_and_give_back(operator: Caller) -> None:
    take(operator)
    give_back(operator)


def take_and_write(operator: Caller) -> None:
    take(operator)
    write_oneself(operator)


@pytest.mark.parametrize("act", [take, give_back, write_oneself, take_and_give_back, take_and_write])
def test_the_answer_is_dropped_and_its_tokens_count(
    house: House, ana: Caller, operator: Caller, gateway: Caller, act: Any
) -> None:
    def thinking() -> str:
        act(operator)
        return LATE

    house.model.answers.append(thinking)

    assert_error(gateway.say("Oi"), 409, "chat_inactive")

    (chat,) = [one for one in ana.get("/chats/list").json or [] if one["message"] == "Oi"]
    assert (chat["response"], chat["parts"], chat["tokens"]["in"]) == ("", [], 10)
    assert LATE not in ana.get(f"/chats/get/{chat['_id']}").text
    row = house.database["chats"].find_one({"_id": ObjectId(chat["_id"])}) or {}
    assert row["discarded_response"] == LATE


def test_a_dropped_answer_is_no_history(house: House, operator: Caller, gateway: Caller) -> None:
    def thinking() -> str:
        take_and_give_back(operator)
        return LATE

    house.model.answers.append(thinking)
    gateway.say("Oi")
    gateway.chat("E agora?")

    assert house.model.questions[-1].history == (Turn("Oi", ""),)


def test_a_dropped_answer_comes_no_second_time(house: House, operator: Caller, gateway: Caller) -> None:
    def thinking() -> str:
        take_and_give_back(operator)
        return LATE

    house.model.answers.append(thinking)

    first, second = (gateway.say("Oi", message_id="1") for _ in range(2))

    assert_error(second, 409, "chat_inactive")
    assert (second.data, len(house.model.questions)) == (first.data, 1)


def test_the_other_conversations_of_the_assistant_are_answered(
    house: House, operator: Caller, gateway: Caller
) -> None:
    gateway.chat("Oi", "+5511")

    def thinking() -> str:
        take(operator, "+5511")
        return "Olá!"

    house.model.answers.append(thinking)

    assert gateway.chat("Oi")["response"] == "Olá!"


def test_who_waits_in_line_is_dropped_too_and_costs_nothing(
    house: House, ana: Caller, operator: Caller, gateway: Caller
) -> None:
    thinking = Thinking(LATE)
    house.model.answers.append(thinking)

    with meanwhile(lambda: gateway.apart().say("Oi")) as first:
        thinking.has_begun()
        with meanwhile(lambda: gateway.apart().say("Alguém?")) as second:
            wait_until(lambda: len(ana.ids("/chats/list")) == 2)
            take_and_give_back(operator)
            thinking.go.set()

    assert_error(first.result(), 409, "chat_inactive")
    assert_error(second.result(), 409, "chat_inactive")
    assert len(house.model.questions) == 1


def test_a_message_after_the_taking_over_is_answered_if_it_was_given_back(
    house: House, ana: Caller, operator: Caller, gateway: Caller
) -> None:
    thinking = Thinking(LATE)
    house.model.answers.append(thinking)

    with meanwhile(lambda: gateway.apart().say("Oi")) as first:
        thinking.has_begun()
        take_and_give_back(operator)
        with meanwhile(lambda: gateway.apart().say("De volta?")) as second:
            wait_until(lambda: len(ana.ids("/chats/list")) == 2)
            thinking.go.set()

    assert_error(first.result(), 409, "chat_inactive")
    assert (second.result().json or {})["response"] == "Resposta."
    assert house.model.questions[-1].history == (Turn("Oi", ""),)


def answered(owner: Caller, channel: str) -> list[str]:
    """Which chats of a channel have an answer."""
    chats = owner.apart().get("/chats/list", query_string={"channel_id": channel}).json or []
    return [chat["_id"] for chat in chats if chat["response"]]


@pytest.mark.parametrize("races", [20, pytest.param(100, marks=pytest.mark.stress)])
def test_many_races(house: House, ana: Caller, operator: Caller, gateway: Caller, races: int) -> None:
    """Once the operator has been told that the conversation is theirs, no answer is committed any more."""
    chance, outcomes = random.Random(7), set()
    for number in range(races):
        channel, thinking, hesitating = f"+{number}", chance.random() / 25, chance.random() / 15
        gateway.chat("Oi", channel)

        def think(seconds: float = thinking) -> str:
            time.sleep(seconds)
            return "Olá!"

        def operate(seconds: float = hesitating, channel: str = channel) -> list[str]:
            time.sleep(seconds)
            take(operator, channel)
            return answered(operator, channel)

        def say(channel: str = channel) -> int:
            return gateway.apart().say("E o prazo?", channel).status_code

        house.model.answers.clear()
        house.model.answers.append(think)
        status, told = at_once(say, operate)

        assert answered(ana, channel) == told
        assert len(told) == (2 if status == 200 else 1)
        outcomes.add(status)
    house.model.answers.clear()
    assert outcomes == {200, 409}


def queue_of(house: House, conversation: Conversation) -> tuple[QueueEntry, ...]:
    """The messages under way in a conversation."""
    found = house.rows.conversations.by_id(conversation.id)
    assert found is not None
    assert found.queue
    return found.queue


def test_an_answer_is_not_let_through_by_a_slow_earlier_switch(
    house: House, ana: Caller, operator: Caller, gateway: Caller
) -> None:
    """One who gave the conversation back tells its chats so only after another took it."""
    gateway.chat("Oi")
    take_and_give_back(operator)
    given_back = house.rows.conversations.with_channel(PHONE, ConversationFilter(ana.id))[0]

    def thinking() -> str:
        take(operator)
        house.rows.messages.void([entry.chat_id for entry in queue_of(house, given_back)], given_back.epoch)
        return LATE

    house.model.answers.append(thinking)

    assert_error(gateway.say("E o prazo?"), 409, "chat_inactive")
    assert LATE not in ana.get("/chats/list").text

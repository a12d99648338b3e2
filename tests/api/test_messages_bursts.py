"""POST /chats/enviarMensagemLLM: messages in quick succession get one answer, where the settings say so."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from werkzeug.test import TestResponse

from app.domain.answers import Turn
from app.domain.chats import ChatState
from app.domain.errors import ModelFailedError
from tests.api.crowd import Thinking, left_by_a_dead_process, meanwhile, wait_until
from tests.api.house import PHONE, Caller, House, assert_error, open_house

QUIET = 1.2


class Customer:
    """Writes to one assistant, in quick succession; `gateways` send it."""

    def __init__(self, house: House, assistant: dict[str, Any], *gateways: Caller) -> None:
        self._house = house
        self._of_assistant = {"assistant_id": ObjectId(assistant["_id"])}
        self._gateways = gateways

    def writes(self, *texts: str, **fields: Any) -> list[TestResponse]:
        """The responses to messages with the ids "1", "2", …, each delivered when the one before is stored."""
        before = self.stored()
        with ThreadPoolExecutor(len(texts)) as threads:
            sent = []
            for number, text in enumerate(texts, 1):
                sender = self._gateways[number % len(self._gateways)].apart()
                sent.append(threads.submit(sender.say, text, message_id=str(number), **fields))
                self.has_stored(before + number)
            return [one.result() for one in sent]

    def stored(self) -> int:
        return self._house.database["chats"].count_documents(self._of_assistant)

    def has_stored(self, count: int) -> None:
        """Return when there are so many messages."""
        wait_until(lambda: self.stored() == count)


@pytest.fixture(scope="module")
def other_house(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Another process on the same database, whose assistants wait for more messages unless they say otherwise."""
    folder = tmp_path_factory.mktemp("other")
    with open_house(shared_house.database, folder, burst_quiet_seconds=QUIET) as other:
        yield other


@pytest.fixture
def other(other_house: House, gateway: Caller) -> Iterator[Caller]:
    """The gateway, at the other process."""
    other_house.model.questions.clear()
    other_house.model.answers.clear()
    yield replace(gateway, client=other_house.client)
    other_house.clock.offset *= 0


@pytest.fixture
def customer(house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller) -> Customer:
    """Of an assistant that waits for more messages."""
    change = {"burst_quiet_seconds": QUIET}
    assert ana.put(f"/assistants/update/{assistant['_id']}", change).status_code == 200
    return Customer(house, assistant, gateway)


def body(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    return dict(response.json or {})


@pytest.mark.parametrize("processes", [1, 2])
def test_three_messages_get_one_answer(
    house: House,
    other_house: House,
    ana: Caller,
    assistant: dict[str, Any],
    customer: Customer,
    gateway: Caller,
    other: Caller,
    processes: int,
) -> None:
    for one in (house, other_house):
        one.model.answers.append("Três dias.")
    gateways = (gateway, other)[:processes]

    sent = ["Oi", "Tudo bem?", "Qual o prazo?"]
    in_order = sorted(map(body, Customer(house, assistant, *gateways).writes(*sent)), key=itemgetter("_id"))

    first, second, last = in_order
    written = [chat["message"] for chat in in_order]
    # Of two processes one may not be done with placing a message when the other already places the next.
    assert (sorted(written) if processes == 2 else written) == (sorted(sent) if processes == 2 else sent)
    (question,) = house.model.questions + other_house.model.questions
    assert (question.message, question.history) == ("\n".join(written), ())
    assert (last["response"], last["merged_into"]) == ("Três dias.", None)
    for merged, into in ((first, (second, last)), (second, (last,))):
        assert (merged["response"], merged["parts"]) == (None, [])
        assert merged["merged_into"] in [later["_id"] for later in into]
        assert merged["tokens"]["in"] == 0
    assert ana.get("/chats/list").json == [last, second, first]


def test_the_next_message_sees_the_burst_as_history(house: House, customer: Customer, gateway: Caller) -> None:
    customer.writes("Oi", "Qual o prazo?")
    gateway.chat("E o preço?")

    assert house.model.questions[-1].history == (Turn("Oi", ""), Turn("Qual o prazo?", "Resposta."))


def test_a_merged_message_that_comes_again_is_told_the_same(
    house: House, customer: Customer, gateway: Caller
) -> None:
    first, last = customer.writes("Oi", "Qual o prazo?")

    for response, text, key in ((first, "Oi", "1"), (last, "Qual o prazo?", "2")):
        again = gateway.say(text, message_id=key)
        assert (again.data, again.headers["Idempotent-Replayed"]) == (response.data, "true")
        assert "Idempotent-Replayed" not in response.headers
    assert len(house.model.questions) == 1


def test_a_copy_of_a_message_that_waits_is_merged_with_it(
    house: House, customer: Customer, gateway: Caller, other: Caller
) -> None:
    with (
        meanwhile(lambda: gateway.apart().say("Oi", message_id="a")) as first,
        meanwhile(lambda: other.apart().say("Oi", message_id="a")) as copy,
    ):
        customer.has_stored(1)
        last = body(gateway.say("Qual o prazo?"))

    assert body(first.result()) == body(copy.result())
    assert body(first.result())["merged_into"] == last["_id"]
    (question,) = house.model.questions
    assert question.message == "Oi\nQual o prazo?"


def test_nobody_waits_longer_than_the_maximum(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, tmp_path: Path
) -> None:
    ana.put(f"/assistants/update/{assistant['_id']}", {"burst_quiet_seconds": 30})
    with open_house(house.database, tmp_path, burst_max_seconds=1) as short:
        sender = replace(gateway, client=short.client)
        began = time.monotonic()
        first, last = map(body, Customer(house, assistant, sender).writes("Oi", "Qual o prazo?"))

        assert time.monotonic() - began < 20
        assert (first["merged_into"], last["response"]) == (last["_id"], "Resposta.")


def test_what_comes_while_the_model_thinks_is_for_the_next_answer(
    house: House, customer: Customer, gateway: Caller
) -> None:
    thinking = Thinking("Olá!")
    house.model.answers.append(thinking)

    with meanwhile(lambda: gateway.apart().chat("Oi")) as first:
        thinking.has_begun()
        with meanwhile(lambda: gateway.apart().chat("Qual o prazo?")) as second:
            customer.has_stored(2)
            thinking.go.set()

    assert (first.result()["response"], second.result()["merged_into"]) == ("Olá!", None)
    assert [one.message for one in house.model.questions] == ["Oi", "Qual o prazo?"]
    assert house.model.questions[-1].history == (Turn("Oi", "Olá!"),)


def test_an_assistant_may_answer_each_message_by_itself(
    other_house: House, ana: Caller, assistant: dict[str, Any], other: Caller
) -> None:
    ana.put(f"/assistants/update/{assistant['_id']}", {"burst_quiet_seconds": 0})

    answered = [body(one) for one in Customer(other_house, assistant, other).writes("Oi", "Qual o prazo?")]

    assert [chat["response"] for chat in answered] == ["Resposta."] * 2
    assert [one.message for one in other_house.model.questions] == ["Oi", "Qual o prazo?"]


def test_passages_are_found_for_all_that_was_written(
    house: House, ana: Caller, assistant: dict[str, Any], customer: Customer
) -> None:
    ana.upload(assistant["_id"], "A entrega leva três dias úteis.", "prazos.md")

    _, last = map(body, customer.writes("Quantos dias úteis leva a entrega?", "Obrigada"))

    assert "três dias" in house.model.questions[-1].passages[0].text
    assert [source["filename"] for source in last["sources"]] == ["prazos.md"]


def test_a_wish_for_a_person_counts_wherever_it_stands(house: House, customer: Customer) -> None:
    _, last = map(body, customer.writes("Quero falar com um atendente", "É sobre o meu pedido"))

    assert (last["handover"], last["active"], house.model.questions) == (True, False, [])


def test_a_person_who_takes_over_in_the_quiet_time(
    house: House, ana: Caller, customer: Customer, gateway: Caller
) -> None:
    with meanwhile(lambda: customer.writes("Oi", "Tem alguém?")) as sent:
        customer.has_stored(2)
        ana.put(f"/chats/desativar/{PHONE}")

    first, last = sent.result()
    assert body(first)["merged_into"]
    assert_error(last, 409, "chat_inactive")
    assert house.model.questions == []
    assert [chat["active"] for chat in ana.get("/chats/list").json or []] == [False, False]


def test_a_message_for_a_person_ends_the_waiting(house: House, customer: Customer, gateway: Caller) -> None:
    with meanwhile(lambda: gateway.apart().say("Oi")) as first:
        customer.has_stored(1)
        assert_error(gateway.say("Quero uma pessoa", active=False), 409, "chat_inactive")

    assert_error(first.result(), 409, "chat_inactive")
    assert house.model.questions == []


def test_a_burst_whose_answer_failed_is_asked_again_as_a_whole(
    house: House, ana: Caller, customer: Customer, gateway: Caller
) -> None:
    house.model.answers.append(ModelFailedError("The model gave no answer."))
    first, last = customer.writes("Oi", "Qual o prazo?")
    assert (first.status_code, last.status_code) == (200, 502)

    again = body(gateway.say("Qual o prazo?", message_id="2"))

    assert [one.message for one in house.model.questions] == ["Oi\nQual o prazo?"] * 2
    assert house.model.questions[-1].history == ()
    assert body(gateway.say("Oi", message_id="1"))["merged_into"] == again["_id"]
    assert ana.ids("/chats/list") == [again["_id"], body(first)["_id"]]


def test_a_restart_in_the_quiet_time_loses_no_message(
    house: House, assistant: dict[str, Any], customer: Customer, gateway: Caller
) -> None:
    left_by_a_dead_process(house, assistant, "Oi", state=ChatState.GATHERING)

    last = body(gateway.say("Qual o prazo?"))

    assert house.model.questions[-1].message == "Oi\nQual o prazo?"
    again = gateway.say("Oi", message_id="Oi")
    assert (body(again)["merged_into"], again.headers["Idempotent-Replayed"]) == (last["_id"], "true")
    assert len(house.model.questions) == 1


def test_a_restart_long_ago_loses_no_message(
    house: House, assistant: dict[str, Any], customer: Customer, gateway: Caller
) -> None:
    left_by_a_dead_process(house, assistant, "Oi", state=ChatState.GATHERING, until=house.clock())

    gateway.chat("Qual o prazo?")

    assert house.model.questions[-1].history == (Turn("Oi", ""),)


def test_a_retry_after_a_death_while_answering_sees_the_whole_burst(
    house: House, ana: Caller, assistant: dict[str, Any], customer: Customer, gateway: Caller
) -> None:
    first = left_by_a_dead_process(house, assistant, "Oi", state=ChatState.GATHERING)
    last = left_by_a_dead_process(house, assistant, "Qual o prazo?", until=house.clock())
    house.rows.messages.merge(first.id, last.id)

    again = body(gateway.say("Qual o prazo?", message_id="Qual o prazo?"))

    assert (house.model.questions[-1].message, house.model.questions[-1].history) == ("Oi\nQual o prazo?", ())
    merged, _ = sorted(ana.get("/chats/list").json or [], key=lambda chat: str(chat["_id"]))
    assert merged["merged_into"] == again["_id"]


def test_what_was_switched_off_meanwhile_answers_no_more(
    house: House, ana: Caller, assistant: dict[str, Any], customer: Customer, gateway: Caller
) -> None:
    document = ana.upload(assistant["_id"], "A entrega leva três dias.", "prazos.md")
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(gateway.apart().say, "Quantos dias leva a entrega?")
        customer.has_stored(1)
        ana.put(f"/documents/update/{document['_id']}", {"enabled": False})

        assert body(sent.result())["sources"] == []

"""POST /chats/enviarMensagemLLM: a message is answered once, however often it is delivered."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.chats import ChatState
from app.domain.errors import ModelUnavailableError
from tests.api.crowd import Thinking, at_once, left_by_a_dead_process, meanwhile
from tests.api.house import PHONE, Caller, House, assert_error, open_house

WAYS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"message_id": "wamid.1"}, {}),
    ({"message_id": 17}, {}),
    ({}, {"Idempotency-Key": "wamid.1"}),
    ({"message_id": "wamid.1"}, {"Idempotency-Key": "request-1"}),
]


@pytest.fixture(scope="module")
def impatient_house(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Another process on the same database, which waits half a second."""
    with open_house(shared_house.database, tmp_path_factory.mktemp("other"), llm_timeout_seconds=0.5) as other:
        yield other


@pytest.fixture(scope="module")
def next_door(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Another process on the same database, as patient as the first."""
    with open_house(shared_house.database, tmp_path_factory.mktemp("next")) as other:
        yield other


@pytest.fixture
def other_house(next_door: House) -> House:
    """The patient process, with a model that has forgotten earlier tests."""
    next_door.model.questions.clear()
    next_door.model.answers.clear()
    return next_door


@pytest.fixture
def impatient(impatient_house: House, gateway: Caller) -> Iterator[Caller]:
    """The gateway, at the other process."""
    impatient_house.model.questions.clear()
    yield replace(gateway, client=impatient_house.client)
    impatient_house.clock.offset *= 0


def keyed(gateway: Caller, key: dict[str, Any], headers: dict[str, str], **fields: Any) -> Any:
    return replace(gateway, headers={**gateway.headers, **headers}).say("Qual é o prazo?", **key, **fields)


def slowly() -> str:
    time.sleep(0.1)
    return "Em três dias."


def tokens_of(owner: Caller) -> list[int]:
    return [chat["tokens"]["in"] for chat in owner.get("/chats/list").json or []]


@pytest.mark.parametrize(("key", "headers"), WAYS)
def test_a_repetition_gets_what_the_first_got(
    house: House, ana: Caller, gateway: Caller, key: dict[str, Any], headers: dict[str, str]
) -> None:
    first, second = (keyed(gateway, key, headers) for _ in range(2))

    assert (first.status_code, first.headers.get("Idempotent-Replayed")) == (200, None)
    assert (second.status_code, second.headers["Idempotent-Replayed"]) == (200, "true")
    assert first.json == second.json
    assert len(house.model.questions) == 1
    assert tokens_of(ana) == [10]


@pytest.mark.parametrize(("key", "headers"), [*WAYS[:1], *WAYS[2:3]])
def test_one_of_two_keys_is_enough(
    house: House, gateway: Caller, key: dict[str, Any], headers: dict[str, str]
) -> None:
    both = {"message_id": "wamid.1"} if key else {}
    first = keyed(gateway, both, {"Idempotency-Key": "wamid.1"})

    second = keyed(gateway, key, headers)

    assert (second.json, second.headers["Idempotent-Replayed"]) == (first.json, "true")
    assert len(house.model.questions) == 1


def test_a_number_and_its_digits_are_one_id(house: House, gateway: Caller) -> None:
    assert gateway.say("Oi", message_id=17).json == gateway.say("Oi", message_id="17").json
    assert len(house.model.questions) == 1


def test_without_a_key_each_delivery_is_a_message(house: House, ana: Caller, gateway: Caller) -> None:
    for _ in range(2):
        gateway.chat("Oi")
    gateway.chat("Oi", message_id=None)

    assert (len(house.model.questions), tokens_of(ana)) == (3, [10, 10, 10])


def test_another_assistant_has_other_keys(house: House, ana: Caller, gateway: Caller) -> None:
    other = house.gateway(ana.make_assistant()["api_key"])

    mine, theirs = gateway.say("Oi", message_id="1"), other.say("Tchau", message_id="1")

    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert "Idempotent-Replayed" not in theirs.headers


def test_twenty_copies_at_once_at_two_processes_are_one_message(
    house: House, ana: Caller, gateway: Caller, other_house: House
) -> None:
    for one in (house, other_house):
        one.model.answers.append(slowly)
    gateways = [replace(gateway, client=one.client) for one in (house, other_house)] * 10

    got = at_once(*(lambda sender=sender: sender.apart().say("Prazo?", message_id="1") for sender in gateways))

    assert {response.status_code for response in got} == {200}
    assert len({response.data for response in got}) == 1
    assert sorted(response.headers.get("Idempotent-Replayed", "") for response in got) == ["", *["true"] * 19]
    assert len(house.model.questions) + len(other_house.model.questions) == 1
    assert tokens_of(ana) == [10]


def test_a_copy_waits_for_the_first(house: House, gateway: Caller) -> None:
    thinking = Thinking("Em três dias.")
    house.model.answers.append(thinking)

    with meanwhile(lambda: gateway.apart().say("Prazo?", message_id="1")) as first:
        thinking.has_begun()
        with meanwhile(lambda: gateway.apart().say("Prazo?", message_id="1")) as copy:
            thinking.go.set()

    assert first.result().json == copy.result().json
    assert len(house.model.questions) == 1


def test_a_copy_does_not_wait_longer_than_the_time_limit(
    house: House, impatient_house: House, gateway: Caller, impatient: Caller
) -> None:
    thinking = Thinking("Em três dias.")
    house.model.answers.append(thinking)

    with meanwhile(lambda: gateway.apart().say("Prazo?", message_id="1")) as first:
        thinking.has_begun()
        copy = impatient.say("Prazo?", message_id="1")
        assert_error(copy, 409, "in_progress")
        assert int(copy.headers["Retry-After"]) >= 1
        thinking.go.set()

    replayed = impatient.say("Prazo?", message_id="1")
    assert (replayed.json, replayed.headers["Idempotent-Replayed"]) == (first.result().json, "true")
    assert impatient_house.model.questions == []


@pytest.mark.parametrize(
    "other",
    [{"text": "Outra"}, {"channel": "+551199"}, {"active": False}, {"message_id": "2"}],
)
def test_another_body_under_the_same_key_is_refused(
    house: House, ana: Caller, gateway: Caller, other: dict[str, Any]
) -> None:
    sender = replace(gateway, headers={**gateway.headers, "Idempotency-Key": "1"})
    sender.say("Oi", message_id="1")

    response = sender.say(**{"text": "Oi", "message_id": "1", **other})

    assert_error(response, 422, "idempotency_mismatch")
    assert (len(house.model.questions), tokens_of(ana)) == (1, [10])


def test_after_a_failure_a_repetition_runs(house: House, ana: Caller, gateway: Caller) -> None:
    house.model.answers.append(ModelUnavailableError("The model is busy.", retry_after=7))
    assert_error(gateway.say("Oi", message_id="1"), 503, "model_unavailable")

    second, third = gateway.say("Oi", message_id="1"), gateway.say("Oi", message_id="1")

    assert (second.status_code, "Idempotent-Replayed" in second.headers) == (200, False)
    assert (third.json, third.headers["Idempotent-Replayed"]) == (second.json, "true")
    assert (len(house.model.questions), tokens_of(ana)) == (2, [10])


def test_a_copy_that_waited_shares_the_failure(house: House, other_house: House, gateway: Caller) -> None:
    thinking, other = Thinking(), replace(gateway, client=other_house.client)

    def fail() -> str:
        thinking()
        raise ModelUnavailableError("The model is busy.")

    house.model.answers.append(fail)
    with meanwhile(lambda: gateway.apart().say("Oi", message_id="1")) as first:
        thinking.has_begun()
        with meanwhile(lambda: other.apart().say("Oi", message_id="1")) as copy:
            time.sleep(1)  # for the copy to find the first; were it later, it would run, and fail this test
            thinking.go.set()

    assert_error(first.result(), 503, "model_unavailable")
    assert_error(copy.result(), 503, "model_unavailable")
    assert copy.result().headers["Idempotent-Replayed"] == "true"
    assert len(house.model.questions) == 1
    assert gateway.say("Oi", message_id="1").status_code == 200


def test_that_a_person_answers_is_told_again(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    ana.put(f"/chats/desativar/{PHONE}")
    first = gateway.say("Alguém?", message_id="1")
    ana.put(f"/chats/ativar/{PHONE}")

    second = gateway.say("Alguém?", message_id="1")

    assert_error(second, 409, "chat_inactive")
    assert (second.data, second.headers["Idempotent-Replayed"]) == (first.data, "true")
    assert (len(house.model.questions), len(tokens_of(ana))) == (1, 2)


def test_keys_are_kept_for_seven_days(house: House, gateway: Caller) -> None:
    first = gateway.say("Oi", message_id="1")

    house.clock.advance(days=6, hours=23)
    assert gateway.say("Oi", message_id="1").json == first.json
    house.clock.advance(hours=2)
    later = gateway.say("Outra coisa", message_id="1")

    assert (later.status_code, "Idempotent-Replayed" in later.headers) == (200, False)
    assert (later.json or {})["_id"] != (first.json or {})["_id"]
    assert gateway.say("Outra coisa", message_id="1").json == later.json


@pytest.mark.parametrize("state", [ChatState.ANSWERING, ChatState.GATHERING])
def test_what_a_dead_process_left_is_taken_over_when_its_time_is_up(
    house: House,
    impatient_house: House,
    ana: Caller,
    assistant: dict[str, Any],
    impatient: Caller,
    state: ChatState,
) -> None:
    left_by_a_dead_process(house, assistant, "Oi", state=state)

    assert_error(impatient.say("Oi", message_id="Oi"), 409, "in_progress")
    impatient_house.clock.advance(minutes=2)
    taken_over = impatient.say("Oi", message_id="Oi")

    assert (taken_over.status_code, "Idempotent-Replayed" in taken_over.headers) == (200, False)
    assert ana.ids("/chats/list") == [(taken_over.json or {})["_id"]]
    assert impatient.say("Oi", message_id="Oi").json == taken_over.json


def test_many_take_over_at_once_and_one_does(
    house: House, other_house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    left_by_a_dead_process(house, assistant, "Oi", until=house.clock())

    copies = [sender.apart() for sender in (gateway, replace(gateway, client=other_house.client)) for _ in range(4)]
    got = at_once(*(lambda copy=copy: copy.say("Oi", message_id="Oi") for copy in copies))

    assert len({response.data for response in got}) == 1, [response.text for response in got]
    assert len(house.model.questions) + len(other_house.model.questions) == 1
    assert tokens_of(ana) == [10]


@pytest.mark.parametrize("value", ["", "  ", "x" * 256, "a\0b", "\ud800", True, 1.5, [], {"$ne": None}])
def test_an_id_that_is_none_is_refused(house: House, gateway: Caller, value: Any) -> None:
    assert_error(gateway.say("Oi", message_id=value), 422, "validation_error", "message_id")
    assert house.model.questions == []


@pytest.mark.parametrize("value", ["", "  ", "x" * 256])
def test_a_key_that_is_none_is_refused(house: House, gateway: Caller, value: str) -> None:
    response = keyed(gateway, {}, {"Idempotency-Key": value})

    assert_error(response, 422, "validation_error", "Idempotency-Key")
    assert house.model.questions == []


def test_an_erased_conversation_takes_its_keys_along(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi", message_id="1")
    (conversation,) = ana.ids("/conversations/list")
    ana.delete(f"/conversations/delete/{conversation}")

    again = gateway.say("Oi", message_id="1")

    assert (again.status_code, "Idempotent-Replayed" in again.headers) == (200, False)
    assert len(house.model.questions) == 2


def test_a_message_that_waits_is_in_the_record_already(house: House, ana: Caller, gateway: Caller) -> None:
    thinking = Thinking()
    house.model.answers.append(thinking)

    with meanwhile(lambda: gateway.apart().say("Oi")):
        thinking.has_begun()
        (chat,) = ana.get("/chats/list").json or []
        thinking.go.set()

    assert (chat["message"], chat["response"], chat["active"]) == ("Oi", "", True)

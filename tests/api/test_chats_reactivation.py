"""AUTO_REACTIVATE_HOURS: conversations that no person answers any more"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from tests.api.house import PHONE, Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database

HOURS = 2


@pytest.fixture
def patient(ana: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    """Ana's assistant, which answers again after two hours without a person."""
    response = ana.put(f"/assistants/update/{assistant['_id']}", {"auto_reactivate_hours": HOURS})
    assert response.status_code == 200, response.text
    return assistant


@pytest.fixture
def taken(ana: Caller, gateway: Caller, patient: dict[str, Any]) -> None:
    """A conversation of that assistant that a person just took over."""
    gateway.chat("Oi")
    ana.put(f"/chats/desativar/{PHONE}")


def record(caller: Caller) -> dict[str, Any]:
    """The caller's one conversation."""
    (conversation,) = caller.get("/conversations/list").json or []
    return dict(conversation)


@pytest.mark.usefixtures("taken")
def test_the_first_message_after_the_time_is_answered(house: House, ana: Caller, gateway: Caller) -> None:
    house.clock.advance(hours=HOURS, seconds=1)

    chat = gateway.chat("Alguém aí?")

    assert (chat["response"], chat["active"]) == ("Resposta.", True)
    assert len(ana.ids("/chats/listarAtivos")) == 2
    assert record(ana)["active"] is True
    assert abs(datetime.fromisoformat(record(ana)["reactivated_at"]) - house.clock()) < timedelta(minutes=1)


@pytest.mark.usefixtures("taken")
def test_before_that_a_person_answers(house: House, ana: Caller, gateway: Caller) -> None:
    house.clock.advance(hours=HOURS, minutes=-1)

    assert_error(gateway.say("Alguém aí?"), 409, "chat_inactive")
    assert (record(ana)["active"], record(ana)["reactivated_at"]) == (False, None)


@pytest.mark.usefixtures("taken")
def test_it_takes_a_message(house: House, ana: Caller, gateway: Caller) -> None:
    house.clock.advance(hours=HOURS + 1)
    house.sweep()

    assert (record(ana)["active"], record(ana)["reactivated_at"]) == (False, None)


@pytest.mark.usefixtures("taken")
@pytest.mark.parametrize("how", ["written", "taken again"])
def test_a_person_postpones_it(house: House, ana: Caller, gateway: Caller, how: str) -> None:
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Um momento."}
    house.clock.advance(hours=HOURS - 1)
    if how == "written":
        gateway.post("/chats/mensagemHumana", body)
    else:
        ana.put(f"/chats/desativar/{PHONE}")

    house.clock.advance(hours=HOURS - 1)
    assert_error(gateway.say("Alguém aí?"), 409, "chat_inactive")

    house.clock.advance(hours=1, seconds=1)
    assert gateway.say("Alguém aí?").status_code == 200


@pytest.mark.usefixtures("taken")
def test_customers_do_not_postpone_it(house: House, gateway: Caller) -> None:
    for _ in range(3):
        assert_error(gateway.say("Alguém aí?"), 409, "chat_inactive")
        house.clock.advance(hours=HOURS / 3, seconds=1)

    assert gateway.say("Alguém aí?").status_code == 200


@pytest.mark.usefixtures("patient")
def test_it_holds_however_a_person_came_in(house: House, ana: Caller, gateway: Caller) -> None:
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."}
    ways: list[Callable[[], Any]] = [
        lambda: gateway.say("Pessoa, por favor", active=False),
        lambda: gateway.chat("Quero falar com um atendente"),
        lambda: ana.post("/chats/mensagemHumana", body),
        lambda: ana.put(f"/chats/desativar/{PHONE}"),
    ]
    for come_in in ways:
        come_in()
        assert_error(gateway.say("Alguém aí?"), 409, "chat_inactive")
        house.clock.advance(hours=HOURS, seconds=1)
        assert gateway.say("Alguém aí?").status_code == 200


@pytest.mark.usefixtures("patient")
def test_what_led_to_a_person_is_not_shown_to_the_model_again(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Quero falar com um atendente")
    house.clock.advance(hours=HOURS, seconds=1)

    gateway.chat("Qual o prazo?")

    assert house.model.questions[-1].history == ()
    assert record(ana)["handover_reason"] is None


@pytest.mark.usefixtures("taken")
def test_it_can_be_taken_over_again(house: House, ana: Caller, gateway: Caller) -> None:
    house.clock.advance(hours=HOURS, seconds=1)
    gateway.chat("Alguém aí?")
    reactivated_at = record(ana)["reactivated_at"]

    ana.put(f"/chats/desativar/{PHONE}")

    assert_error(gateway.say("Oi"), 409, "chat_inactive")
    assert record(ana)["reactivated_at"] == reactivated_at


@pytest.mark.usefixtures("taken")
def test_two_at_once_are_both_answered_in_order(house: House, ana: Caller, gateway: Caller) -> None:
    for _ in range(5):
        house.clock.advance(hours=HOURS, seconds=1)
        together = Barrier(2)

        def say(text: str, caller: Caller, together: Barrier = together) -> dict[str, Any]:
            together.wait(30)
            return caller.chat(text)

        with ThreadPoolExecutor(2) as threads:
            chats = list(threads.map(say, ("um", "dois"), (gateway.apart(), gateway.apart())))

        first, second = sorted(chats, key=lambda chat: str(chat["_id"]))
        asked = house.model.questions[-2:]
        assert [question.message for question in asked] == [first["message"], second["message"]]
        assert asked[1].history[-1].message == first["message"]
        assert asked[1].history[-1].response == "Resposta."
        assert ana.ids("/chats/listarInativos") == []
        ana.put(f"/chats/desativar/{PHONE}")


def test_by_default_it_never_happens(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    ana.put(f"/chats/desativar/{PHONE}")
    house.clock.advance(days=1000)

    assert_error(gateway.say("Alguém aí?"), 409, "chat_inactive")


def test_the_service_has_a_default_and_assistants_their_own(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, auto_reactivate_hours=HOURS) as house,
    ):
        ana = house.newcomer("Ana")
        usual, never = ana.make_assistant(), ana.make_assistant()
        ana.put(f"/assistants/update/{never['_id']}", {"auto_reactivate_hours": 0})
        gateways = [house.gateway(one["api_key"]) for one in (usual, never)]
        for gateway in gateways:
            gateway.say("Oi", active=False)
        house.clock.advance(hours=HOURS, seconds=1)

        assert [gateway.say("Alguém aí?").status_code for gateway in gateways] == [200, 409]

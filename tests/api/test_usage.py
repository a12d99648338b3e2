"""GET /usage"""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.domain.errors import ModelFailedError
from app.domain.usage import Calendar
from tests.api.crowd import at_once
from tests.api.house import BAD_IDS, PHONE, Caller, House, assert_error
from tests.api.prices import a_price, set_prices

OTHER = "+5511911111111"
NOTHING = {"messages": 0, "answered": 0, "degraded": 0, "handed_over": 0, "discarded": 0, "failed": 0}
BAD_DAYS = ["", "hoje", "2026-13-01", "2026-02-30", "22/11/2026", "2026-11-22T10:00:00", "0001-01-01", "1e3", "\0"]


def usage(caller: Caller, **wanted: str) -> list[dict[str, Any]]:
    response = caller.get("/usage", query_string=wanted)
    assert response.status_code == 200, response.text
    return list(response.json or [])


def only(caller: Caller, **wanted: str) -> dict[str, Any]:
    (row,) = usage(caller, **wanted)
    return row


def numbers(row: dict[str, Any]) -> dict[str, int]:
    """What of a row is not 0."""
    return {name: row[name] for name in NOTHING if row[name]}


def today(house: House) -> str:
    return Calendar("America/Sao_Paulo").day(house.clock())


def test_an_answer_is_counted_at_once(house: House, ana: Caller, gateway: Caller, ada: Caller) -> None:
    set_prices(ada, a_price())
    house.model.answers.append(Answer("Olá!", Tokens(1000, 500, cached=200), "fake"))

    gateway.chat("Oi")

    row = only(ana)
    assert (row["day"], row["assistant_id"], row["name"], row["model"]) == (today(house), None, None, None)
    assert numbers(row) == {"messages": 1, "answered": 1}
    assert row["tokens"] == {"in": 1000, "out": 500, "cached": 200}
    assert (row["cost_brl"], row["unpriced"]) == ("0.006", 0)
    assert 0 < row["answer_seconds"]["p50"] == row["answer_seconds"]["p95"] < 60


def test_nothing_was_used(ana: Caller) -> None:
    assert usage(ana) == []
    assert ana.get("/usage", headers={"Accept": "text/csv"}).text.count("\n") == 1


def test_what_no_price_is_known_for(house: House, ana: Caller, gateway: Caller, ada: Caller) -> None:
    set_prices(ada, a_price("gpt-*"))
    gateway.chat("Oi")
    assert (only(ana)["cost_brl"], only(ana)["unpriced"]) == (None, 1)

    house.model.answers.append(Answer("Olá!", Tokens(1000, 0), "gpt-5"))
    gateway.chat("Oi")
    assert (only(ana)["cost_brl"], only(ana)["unpriced"]) == ("0.001", 1)
    assert [(row["model"], row["cost_brl"]) for row in usage(ana, by="model")] == [
        ("fake", None),
        ("gpt-5", "0.001"),
    ]


def test_no_price_changes_the_past(ana: Caller, gateway: Caller, ada: Caller) -> None:
    set_prices(ada, a_price())
    gateway.chat("Oi")
    before = only(ana)["cost_brl"]

    set_prices(ada, a_price(out_per_million="99", in_per_million="99"))

    assert only(ana)["cost_brl"] == before == "0.00006"
    gateway.chat("Oi")
    assert only(ana)["cost_brl"] == "0.001545"


def test_each_end_is_counted(house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    house.model.answers.extend([ModelFailedError("No."), Answer("", Tokens(7, 1), "fake", handover_reason="Caro")])

    assert gateway.say("Oi", message_id="1").status_code == 502
    assert numbers(only(ana)) == {"messages": 1, "failed": 1}
    gateway.chat("Oi", message_id="1")
    assert numbers(only(ana)) == {"messages": 1, "failed": 1, "answered": 1, "handed_over": 1}
    gateway.chat("Oi", message_id="1")
    assert numbers(only(ana)) == {"messages": 1, "failed": 1, "answered": 1, "handed_over": 1}
    assert gateway.say("Alô?").status_code == 409
    assert numbers(only(ana)) == {"messages": 2, "failed": 1, "answered": 1, "handed_over": 1}

    ana.put(f"/assistants/update/{assistant['_id']}", {"when_unavailable": "extractive"})
    house.model.answers.append(ModelFailedError("No."))
    gateway.chat("Oi", OTHER)
    expected = {"messages": 3, "failed": 1, "answered": 2, "handed_over": 1, "degraded": 1}
    assert numbers(only(ana)) == expected
    assert only(ana)["tokens"] == {"in": 7, "out": 1, "cached": 0}


def test_an_answer_nobody_got_costs_all_the_same(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    house.model.answers.append(lambda: str(ana.apart().put(f"/chats/desativar/{PHONE}").status_code))

    assert gateway.say("Oi").status_code == 409

    assert numbers(only(ana)) == {"messages": 2, "answered": 1, "discarded": 1}
    assert only(ana)["tokens"] == {"in": 20, "out": 10, "cached": 0}


def test_what_people_write_is_no_message(ana: Caller, assistant: dict[str, Any]) -> None:
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."}
    ana.post(f"/chats/mensagemHumana?assistant_id={assistant['_id']}", body)

    assert usage(ana) == []


def test_a_burst_is_several_messages_and_one_answer(
    ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    ana.put(f"/assistants/update/{assistant['_id']}", {"burst_quiet_seconds": 0.3})
    at_once(lambda: gateway.apart().say("Oi"), lambda: gateway.apart().say("Tudo bem?"))

    assert numbers(only(ana)) == {"messages": 2, "answered": 1}


def test_days_are_those_of_the_time_zone(house: House, ana: Caller, gateway: Caller) -> None:
    house.clock.offset = timedelta(days=1) - timedelta(
        hours=house.clock().hour - 2, minutes=house.clock().minute, seconds=house.clock().second
    )
    gateway.chat("Tarde da noite")  # at 02:00 UTC it is 23:00 of the day before
    first = (house.clock() - timedelta(days=1)).date().isoformat()
    house.clock.advance(hours=2)
    gateway.chat("De manhã cedo")

    assert [row["day"] for row in usage(ana)] == [house.clock().date().isoformat(), first]
    assert [row["day"] for row in usage(ana, to=first)] == [first]
    assert usage(ana, **{"from": first, "to": first})[0]["messages"] == 1


def test_by_assistant(house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    other = ana.make_assistant("=cmd|' /C calc'!A0")
    for number, caller in ((2, gateway), (1, house.gateway(other["api_key"]))):
        for _ in range(number):
            caller.chat("Oi")

    rows = usage(ana, by="assistant")

    assert [(row["assistant_id"], row["name"], row["messages"]) for row in rows] == [
        (other["_id"], "=cmd|' /C calc'!A0", 1),
        (assistant["_id"], "Loja", 2),
    ]
    assert only(ana)["messages"] == 3
    assert only(ana, assistant_id=other["_id"])["messages"] == 1


def test_as_csv(ana: Caller, house: House, gateway: Caller) -> None:
    other = ana.make_assistant("=cmd|' /C calc'!A0")
    house.gateway(other["api_key"]).chat("Oi")
    response = ana.get("/usage?by=assistant", headers={"Accept": "text/csv"})

    assert response.mimetype == "text/csv"
    assert "Accept" in response.headers["Vary"]
    (line,) = csv.DictReader(StringIO(response.text))
    assert (line["assistant_id"], line["name"]) == (other["_id"], "'=cmd|' /C calc'!A0")
    assert (line["messages"], line["answered"], line["tokens_in"], line["tokens_out"]) == ("1", "1", "10", "5")
    assert "day" not in line
    assert ana.get("/usage", headers={"Accept": "*/*"}).mimetype == "application/json"


@pytest.mark.parametrize("by", ["day", "assistant", "model"])
def test_page_by_page(house: House, ana: Caller, by: str) -> None:
    for number in range(3):
        assistant = ana.make_assistant()
        house.clock.advance(days=1)
        model = None if number == 1 else f"gpt-{number}"
        house.model.answers.append(Answer("Olá!", Tokens(), model))
        house.gateway(assistant["api_key"]).chat("Oi")
    whole = usage(ana, by=by)

    pages = ana.pages(f"/usage?by={by}&limit=1")

    assert [len(page) for page in pages] == [1, 1, 1]
    assert [row for page in pages for row in page] == whole
    csv_page = ana.get(f"/usage?by={by}&limit=2", headers={"Accept": "text/csv"})
    assert 'rel="next"' in csv_page.headers["Link"]


def test_what_was_deleted_stays_counted(house: House, ana: Caller, ada: Caller, gateway: Caller) -> None:
    house.model.answers.append(ModelFailedError("No."))
    gateway.say("Oi")
    gateway.chat("Oi")
    (conversation,) = ana.ids("/conversations/list")
    before = only(ana)
    assert ana.delete(f"/conversations/delete/{conversation}").status_code == 200
    assert ana.get("/chats/list").json == []
    assert only(ana) == before

    assistant_id = ana.ids("/assistants/list")[0]
    gateway.chat("Oi de novo")
    assert ana.delete(f"/assistants/delete/{assistant_id}").status_code == 200
    row = next(row for row in usage(ada, by="assistant") if row["assistant_id"] == assistant_id)
    assert (row["name"], numbers(row)) == (None, {"messages": 3, "answered": 2, "failed": 1})


def test_a_stranger_sees_nothing(ana: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    gateway.chat("Oi")

    assert usage(bruno) == []
    for one in (*BAD_IDS, assistant["_id"]):
        response = bruno.get("/usage", query_string={"assistant_id": one})
        assert_error(response, 422, "validation_error", "assistant_id")
    assert_error(gateway.get("/usage"), 403, "scope_missing")


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", BAD_DAYS)
def test_what_is_no_day(ana: Caller, name: str, value: str) -> None:
    assert_error(ana.get("/usage", query_string={name: value}), 422, "validation_error", name)


@pytest.mark.parametrize(
    ("first", "last"), [("2026-11-02", "2026-11-01"), ("1926-01-01", "2026-01-01"), ("2025-01-01", "2026-01-02")]
)
def test_days_that_cannot_be_used(ana: Caller, first: str, last: str) -> None:
    assert_error(ana.get(f"/usage?from={first}&to={last}"), 422, "validation_error", "from")


@pytest.mark.parametrize(
    ("name", "value"),
    [("by", "hour"), ("by", ""), ("cursor", "x"), ("limit", "0"), ("limit", "501"), ("until", "1")],
)
def test_filters_that_cannot_be_used(ana: Caller, name: str, value: str) -> None:
    assert_error(ana.get("/usage", query_string={name: value}), 422, "validation_error", name)


def test_a_year_can_be_asked_for(ana: Caller) -> None:
    assert usage(ana, **{"from": "2024-01-01", "to": "2024-12-31"}) == []


def test_who_went_on_by_itself_and_who_did_not_know(house: House, ana: Caller, gateway: Caller) -> None:
    house.model.answers.append("Não tenho essa informação.")
    gateway.chat("Vendem pneus?")
    gateway.chat("Oi", OTHER)
    house.model.answers.append(Answer("", Tokens(1, 1), "fake", handover_reason="Complicado."))
    gateway.chat("E rodas?", OTHER)

    row = only(ana)

    assert (row["answered"], row["without_person"], row["handed_over"], row["unanswered"]) == (3, 2, 1, 2)
    assert row["previous"] is None


def test_all_in_one_row_and_the_days_before(house: House, ana: Caller, gateway: Caller) -> None:
    assert only(ana, by="total")["messages"] == 0
    gateway.chat("Oi")
    house.clock.offset += timedelta(days=2)
    gateway.chat("Oi")
    gateway.chat("Oi")
    last = today(house)
    first = (house.clock() - timedelta(days=1)).date().isoformat()

    row = only(ana, by="total", compare="true", **{"from": first, "to": last})

    assert (row["day"], row["model"], row["messages"], row["previous"]["messages"]) == (None, None, 2, 1)
    day = only(ana, compare="true", **{"from": first, "to": last})
    assert (day["day"], day["messages"], day["previous"]["messages"]) == (last, 2, 1)
    text = ana.get(f"/usage?by=total&compare=true&from={first}&to={last}", headers={"Accept": "text/csv"}).text
    (line,) = csv.DictReader(StringIO(text))
    assert (line["messages"], line["previous_messages"], line["previous_tokens_in"]) == ("2", "1", "10")
    assert_error(ana.get("/usage?by=total&cursor=x"), 422, "validation_error", "cursor")

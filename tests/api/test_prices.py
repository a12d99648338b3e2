"""GET and PUT /prices"""

from typing import Any

import pytest

from tests.api.house import Caller, assert_error
from tests.api.prices import a_price, set_prices

DOLLAR = {"currency": "USD", "brl": "5.4321", "valid_from": "2026-01-01T00:00:00.000+00:00"}


def test_what_was_set_is_shown(ada: Caller) -> None:
    price = a_price("gpt-5-mini*", currency="USD", in_per_million=0.25, cached_in_per_million="0.025")

    shown = set_prices(ada, price, rates=[DOLLAR])

    assert shown == {
        "prices": [
            {
                "model": "gpt-5-mini*",
                "currency": "USD",
                "in_per_million": "0.25",
                "out_per_million": "10",
                "cached_in_per_million": "0.025",
                "valid_from": "2020-01-01T00:00:00.000+00:00",
            }
        ],
        "rates": [DOLLAR],
    }
    assert ada.get("/prices").json == shown
    assert ada.put("/prices", shown).json == shown


def test_a_price_holds_from_now_on_unless_it_says_since_when(ada: Caller) -> None:
    price = a_price()
    del price["valid_from"]

    assert set_prices(ada, price)["prices"][0]["valid_from"] > "2026"


def test_a_list_can_be_empty(ada: Caller) -> None:
    assert set_prices(ada) == {"prices": [], "rates": []}


def test_only_administrators(ana: Caller, gateway: Caller) -> None:
    for response in (ana.get("/prices"), ana.put("/prices", {"prices": []})):
        assert_error(response, 403, "not_allowed")
    assert gateway.get("/prices").status_code == 401


@pytest.mark.parametrize("name", ["in_per_million", "out_per_million", "cached_in_per_million"])
@pytest.mark.parametrize(
    "value", [-1, "-0.01", 10**30, "1e30", "NaN", "Infinity", "-Infinity", "", "um", True, [], {}, 0.1234567891234]
)
def test_what_is_no_price(ada: Caller, name: str, value: Any) -> None:
    before = ada.get("/prices").json
    response = ada.put("/prices", {"prices": [a_price(**{name: value})]})

    assert response.status_code == 422, response.text
    assert name in response.text
    assert ada.get("/prices").json == before


def test_a_number_that_json_does_not_have(ada: Caller) -> None:
    body = '{"prices": [{"model": "*", "currency": "BRL", "in_per_million": NaN, "out_per_million": 1}]}'

    assert ada.put("/prices", data=body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("value", ["", "reais", "R$", "usd", "US", "USDT", 1, None])
def test_what_is_no_currency(ada: Caller, value: Any) -> None:
    for body in (
        {"prices": [a_price(currency=value)]},
        {"prices": [], "rates": [{**DOLLAR, "currency": value}]},
    ):
        response = ada.put("/prices", body)
        assert response.status_code == 422, response.text
        assert "currency" in response.text


def test_each_currency_has_a_rate(ada: Caller) -> None:
    body = {"prices": [a_price(currency="USD"), a_price(currency="EUR")], "rates": [DOLLAR]}

    response = ada.put("/prices", body)

    assert_error(response, 422, "validation_error", "rates")
    assert "EUR" in response.text
    response = ada.put("/prices", {"prices": [], "rates": [{**DOLLAR, "currency": "BRL"}]})
    assert_error(response, 422, "validation_error", "rates")


@pytest.mark.parametrize("value", [0, -1, 10**30, "NaN", None, "", True])
def test_what_is_no_rate(ada: Caller, value: Any) -> None:
    response = ada.put("/prices", {"prices": [], "rates": [{**DOLLAR, "brl": value}]})

    assert response.status_code == 422, response.text


@pytest.mark.parametrize("value", ["", "hoje", "2026-01-01", "2026-01-01T00:00:00", 1, True])
def test_what_is_no_moment(ada: Caller, value: Any) -> None:
    response = ada.put("/prices", {"prices": [a_price(valid_from=value)]})

    assert response.status_code == 422, response.text


@pytest.mark.parametrize("model", ["", " ", "a b", "x" * 201, "a\0", None, 1])
def test_what_is_no_model(ada: Caller, model: Any) -> None:
    response = ada.put("/prices", {"prices": [a_price(model)]})

    assert response.status_code == 422, response.text


@pytest.mark.parametrize("body", [{}, {"prices": None}, {"prices": {}}, {"prices": [1]}, {"prices": [], "x": 1}])
def test_what_is_no_list(ada: Caller, body: Any) -> None:
    assert ada.put("/prices", body).status_code == 422


def test_a_list_has_a_length(ada: Caller) -> None:
    assert ada.put("/prices", {"prices": [a_price()] * 501}).status_code == 422
    assert len(set_prices(ada, *[a_price(f"m{number}") for number in range(500)])["prices"]) == 500

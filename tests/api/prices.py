"""Price lists for tests."""

from typing import Any

from tests.api.house import Caller

LONG_AGO = "2020-01-01T00:00:00+00:00"


def a_price(model: str = "*", **values: Any) -> dict[str, Any]:
    """A real for a million tokens in, ten for a million out, since long ago."""
    price = {"model": model, "currency": "BRL", "in_per_million": "1", "out_per_million": "10"}
    return {**price, "valid_from": LONG_AGO, **values}


def set_prices(ada: Caller, *prices: dict[str, Any], rates: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Put these prices in force."""
    response = ada.put("/prices", {"prices": list(prices), "rates": rates or []})
    assert response.status_code == 200, response.text
    return dict(response.json or {})

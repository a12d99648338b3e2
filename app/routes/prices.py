"""/prices"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import caller, signed_in
from app.routes.schemas.prices import PricesIn, PricesOut
from app.services.prices import PriceService


def price_routes(prices: PriceService) -> APIBlueprint:
    """What models cost, for administrators."""
    api = APIBlueprint("prices", __name__, tag="Prices")

    @api.get("/prices")
    @api.doc(summary="Show the price list (administrators)", security="token", responses=[403])
    @signed_in
    @api.output(PricesOut)
    def show() -> Any:
        return PricesOut.of(prices.current(caller()))

    @api.put("/prices")
    @api.doc(summary="Set the price list (administrators)", security="token", responses=[403])
    @signed_in
    @api.input(PricesIn)
    @api.output(PricesOut)
    def put(json_data: PricesIn) -> Any:
        return PricesOut.of(prices.put(caller(), json_data.to_list(prices.now())))

    return api

"""The collection `prices`: each row is a whole price list, as it was set at one time."""

from datetime import UTC, datetime
from decimal import Decimal

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.ids import new_id
from app.domain.prices import Price, PriceList, Rate
from app.domain.rows import Row
from app.repositories.mongo import repeated

_ANY_TIME = datetime.min.replace(tzinfo=UTC)


class PriceRepository:
    """Price lists. One that was set never changes."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["prices"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("changed_at", ASCENDING)])

    def add(self, prices: PriceList) -> None:
        """Put a list in force from its `changed_at` on."""
        self._rows.insert_one({"_id": ObjectId(new_id()), **_to_row(prices)})

    def delete_before(self, moment: datetime) -> None:
        """Forget the lists that were set before a moment."""
        repeated(lambda: self._rows.delete_many({"changed_at": {"$lt": moment}}))

    def set_after(self, moment: datetime | None) -> list[PriceList]:
        """The lists that were set after a moment (None: all)."""
        later: Row = {"changed_at": {"$gt": moment or _ANY_TIME}}
        return [_from_row(row) for row in self._rows.find(later)]


def _to_row(prices: PriceList) -> Row:
    """Decimals as text: they come back as they were written."""
    return {
        "changed_at": prices.changed_at,
        "prices": [
            {
                "model": one.model,
                "currency": one.currency,
                "in": str(one.input),
                "out": str(one.output),
                "cached_in": None if one.cached_input is None else str(one.cached_input),
                "valid_from": one.valid_from,
            }
            for one in prices.prices
        ],
        "rates": [
            {"currency": one.currency, "brl": str(one.brl), "valid_from": one.valid_from} for one in prices.rates
        ],
    }


def _from_row(row: Row) -> PriceList:
    prices = tuple(
        Price(
            model=one["model"],
            currency=one["currency"],
            input=Decimal(one["in"]),
            output=Decimal(one["out"]),
            cached_input=None if one["cached_in"] is None else Decimal(one["cached_in"]),
            valid_from=one["valid_from"],
        )
        for one in row["prices"]
    )
    rates = tuple(Rate(one["currency"], Decimal(one["brl"]), one["valid_from"]) for one in row["rates"])
    return PriceList(row["changed_at"], prices, rates)

"""The price list."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.domain.errors import InvalidError
from app.domain.prices import REAL, Price, PriceList, Rate
from app.routes.schemas.assistant_settings import one_word
from app.routes.schemas.common import AnswerModel, Moment, RequestModel, Storable
from app.routes.schemas.document_options import MomentIn
from app.routes.schemas.usage import plain

_MOST_PRICES = 500
_MOST_RATES = 200

_Pattern = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(one_word),
    Storable,
    Field(
        description="A model's name, or a pattern with * and ?; the most specific counts", examples=["gpt-5-mini*"]
    ),
]
_Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="As in ISO 4217")]
# Generous bounds, within which no sum leaves the range of the database's numbers.
_Amount = Annotated[Decimal, Field(strict=False, ge=0, le=10_000, decimal_places=9, allow_inf_nan=False)]
_Rate = Annotated[Decimal, Field(strict=False, gt=0, le=100, decimal_places=9, allow_inf_nan=False)]
_From = Annotated[
    MomentIn | None,
    Field(description="From when on it holds; absent or null: from now on"),
]


class PriceIn(RequestModel):
    """What a million tokens cost."""

    model: _Pattern
    currency: _Currency
    in_per_million: _Amount
    out_per_million: _Amount
    cached_in_per_million: _Amount | None = Field(None, description="null: as in_per_million")
    valid_from: _From = None


class RateIn(RequestModel):
    """What one unit of a currency is worth."""

    currency: _Currency
    brl: _Rate
    valid_from: _From = None


class PricesIn(RequestModel):
    """The whole list, in place of the one before; the costs of messages that have come do not change."""

    prices: list[PriceIn] = Field(max_length=_MOST_PRICES)
    rates: list[RateIn] = Field(
        default_factory=list, max_length=_MOST_RATES, description="One at least for each currency but BRL"
    )

    def to_list(self, now: datetime) -> PriceList:
        """The price list; raises `InvalidError` where a rate is missing, or there is one for BRL."""
        self._check_currencies()
        return PriceList(
            now,
            tuple(
                Price(
                    model=one.model,
                    currency=one.currency,
                    input=one.in_per_million,
                    output=one.out_per_million,
                    cached_input=one.cached_in_per_million,
                    valid_from=one.valid_from or now,
                )
                for one in self.prices
            ),
            tuple(Rate(one.currency, one.brl, one.valid_from or now) for one in self.rates),
        )

    def _check_currencies(self) -> None:
        rated = {rate.currency for rate in self.rates}
        lacking = {price.currency for price in self.prices} - rated - {REAL}
        if REAL in rated:
            raise InvalidError("The rates cannot be used.", {"rates": [f"{REAL} has no rate: it is the real."]})
        if lacking:
            problem = f"There is none for {', '.join(sorted(lacking))}."
            raise InvalidError("Some prices have no rate to the real.", {"rates": [problem]})


class PriceOut(AnswerModel):
    """What a million tokens cost."""

    model: str
    currency: str
    in_per_million: str
    out_per_million: str
    cached_in_per_million: str | None
    valid_from: Moment


class RateOut(AnswerModel):
    """What one unit of a currency is worth."""

    currency: str
    brl: str
    valid_from: Moment


class PricesOut(AnswerModel):
    """The list in force."""

    prices: list[PriceOut]
    rates: list[RateOut]

    @classmethod
    def of(cls, prices: PriceList | None) -> "PricesOut":
        if prices is None:
            return cls(prices=[], rates=[])
        return cls(
            prices=[
                PriceOut(
                    model=one.model,
                    currency=one.currency,
                    in_per_million=plain(one.input),
                    out_per_million=plain(one.output),
                    cached_in_per_million=None if one.cached_input is None else plain(one.cached_input),
                    valid_from=one.valid_from,
                )
                for one in prices.prices
            ],
            rates=[
                RateOut(currency=one.currency, brl=plain(one.brl), valid_from=one.valid_from)
                for one in prices.rates
            ],
        )

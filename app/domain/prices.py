"""What models cost: prices with a date from which they hold, and the exchange rates to the real.

Money is `Decimal` where people read and write it, and a whole number of billionths of a real (`NANO_REAIS`) where
it is added up, as the database adds whole numbers without rounding.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import chain

from app.domain.conversations import Tokens

REAL = "BRL"
NANO_REAIS = 1_000_000_000
_MILLION = 1_000_000
# No answer costs a million reais, whatever number of tokens a server names.
_MOST = _MILLION * NANO_REAIS
_MOST_MODELS = 1024
_WILDCARDS = str.maketrans("", "", "*?[]!")


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens of the models that fit `model` (a name, or a pattern with `*` and `?`) cost.

    `cached_input` is for the part of the prompt that the provider had cached (None: as `input`).
    """

    model: str
    currency: str
    input: Decimal
    output: Decimal
    valid_from: datetime
    cached_input: Decimal | None = None

    def of(self, tokens: Tokens) -> Decimal:
        """What these tokens cost, in the price's currency."""
        cached = self.input if self.cached_input is None else self.cached_input
        uncached = tokens.input - tokens.cached
        return (self.input * uncached + cached * tokens.cached + self.output * tokens.output) / _MILLION


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in reais from a moment on."""

    currency: str
    brl: Decimal
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class PriceList:
    """All prices and rates as somebody set them at `changed_at`."""

    changed_at: datetime
    prices: tuple[Price, ...] = ()
    rates: tuple[Rate, ...] = ()

    def price(self, model: str, at: datetime) -> Price | None:
        """The price of a model at a moment: of several that fit, the most specific, and of those the latest."""
        fitting = [one for one in self.prices if one.valid_from <= at and _fits(model, one.model)]
        return max(fitting, key=lambda one: (*_specificity(one.model), one.valid_from), default=None)

    def rate(self, currency: str, at: datetime) -> Decimal | None:
        """What one unit of a currency is worth in reais at a moment."""
        if currency == REAL:
            return Decimal(1)
        fitting = [one for one in self.rates if one.valid_from <= at and one.currency == currency]
        latest = max(fitting, key=lambda one: one.valid_from, default=None)
        return latest.brl if latest else None

    def cost(self, model: str, tokens: Tokens, at: datetime) -> int | None:
        """What an answer cost in billionths of a real; None where there is no price or no rate."""
        price = self.price(model, at)
        rate = self.rate(price.currency, at) if price else None
        return min(nano_reais(price.of(tokens) * rate), _MOST) if price and rate is not None else None


class PriceHistory:
    """Every price list there was, the oldest first.

    A change of the list changes no cost of the past: a message is priced by the list of its own time. Only where
    that one has no price for it, a later list's may serve, if it says that it holds for that time.
    """

    def __init__(self, lists: Iterable[PriceList]) -> None:
        self._lists = sorted(lists, key=lambda one: one.changed_at)

    @property
    def current(self) -> PriceList | None:
        """The list that was set last."""
        return self._lists[-1] if self._lists else None

    def cost(self, model: str | None, tokens: Tokens, at: datetime) -> int | None:
        """What an answer given at a moment cost in billionths of a real; None: unknown, and 0 without tokens."""
        if not tokens.input and not tokens.output:
            return 0
        if model is None:
            return None
        costs = (one.cost(model, tokens, at) for one in self._in_order(at))
        return next((cost for cost in costs if cost is not None), None)

    def _in_order(self, at: datetime) -> Iterator[PriceList]:
        """The list in force at a moment, then those that came later."""
        before = [one for one in self._lists if one.changed_at <= at]
        return chain(before[-1:], self._lists[len(before) :])


def nano_reais(reais: Decimal) -> int:
    """Reais in whole billionths."""
    return round(reais * NANO_REAIS)


def in_reais(nano: int) -> Decimal:
    """Billionths of a real in reais."""
    return Decimal(nano) / NANO_REAIS


def _specificity(pattern: str) -> tuple[bool, int]:
    """Names go before patterns, and patterns by how much of a name they spell out."""
    spelt_out = len(pattern.translate(_WILDCARDS))
    return spelt_out == len(pattern), spelt_out


@lru_cache(_MOST_MODELS)
def _fits(model: str, pattern: str) -> bool:
    return fnmatchcase(model.lower(), pattern.lower())

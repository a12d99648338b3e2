"""What models cost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.conversations import Tokens
from app.domain.prices import NANO_REAIS, Price, PriceHistory, PriceList, Rate, in_reais, nano_reais

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1000)
MILLION = Tokens(1_000_000, 0)


def price(model: str, amount: str = "1", valid_from: datetime = LONG_AGO, **values: Decimal) -> Price:
    return Price(model, values.pop("currency", "BRL"), Decimal(amount), Decimal(10), valid_from, **values)  # type: ignore[arg-type]


def test_the_sum_of_what_was_read_and_written() -> None:
    dollars = Price("gpt", "USD", Decimal("0.25"), Decimal(2), LONG_AGO, cached_input=Decimal("0.025"))
    prices = PriceList(NOW, (dollars,), (Rate("USD", Decimal("5.4"), LONG_AGO),))

    # 800 * 0.25 + 200 * 0.025 + 500 * 2 = 1205 millionths of a dollar
    assert prices.cost("gpt", Tokens(1000, 500, cached=200), NOW) == 6_507_000
    assert in_reais(6_507_000) == Decimal("0.006507")


def test_what_is_cached_costs_as_much_unless_there_is_a_price() -> None:
    prices = PriceList(NOW, (price("gpt"),))

    assert prices.cost("gpt", Tokens(1_000_000, 0, cached=999_999), NOW) == NANO_REAIS


@pytest.mark.parametrize(
    ("model", "amount"),
    [("gpt-5", 1), ("gpt-5-mini", 2), ("GPT-5-MINI", 2), ("gpt-5-mini-2026", 2), ("gpt-5-nano", 3), ("llama", 4)],
)
def test_the_most_specific_pattern_counts(model: str, amount: int) -> None:
    prices = (price("*", "4"), price("gpt-5", "1"), price("gpt-5*", "3"), price("gpt-5-mini*", "2"))

    for order in (prices, prices[::-1]):
        assert PriceList(NOW, order).cost(model, MILLION, NOW) == amount * NANO_REAIS


def test_the_latest_price_that_holds_counts() -> None:
    yesterday, tomorrow = NOW - timedelta(days=1), NOW + timedelta(days=1)
    prices = PriceList(NOW, (price("*", "1"), price("*", "2", yesterday), price("*", "3", tomorrow)))

    moments = (yesterday - timedelta(seconds=1), yesterday, NOW, tomorrow)
    assert [prices.cost("m", MILLION, at) for at in moments] == [one * NANO_REAIS for one in (1, 2, 2, 3)]
    assert prices.cost("m", MILLION, LONG_AGO - timedelta(seconds=1)) is None


def test_without_a_rate_the_cost_is_not_known() -> None:
    dollars = Price("*", "USD", Decimal(1), Decimal(1), LONG_AGO)
    prices = PriceList(NOW, (dollars,), (Rate("USD", Decimal(5), NOW), Rate("USD", Decimal(6), NOW)))

    assert prices.cost("m", MILLION, NOW - timedelta(seconds=1)) is None
    assert prices.cost("m", MILLION, NOW) is not None


def test_the_past_keeps_its_prices() -> None:
    before, after = NOW - timedelta(days=2), NOW - timedelta(days=1)
    history = PriceHistory([PriceList(after, (price("*", "9"),)), PriceList(before, (price("gpt*", "1"),))])

    assert history.cost("gpt", MILLION, before) == NANO_REAIS
    assert history.cost("gpt", MILLION, after) == 9 * NANO_REAIS
    # These had no price at their time: of a model that was not in the list, and from before any list.
    assert history.cost("llama", MILLION, before) == 9 * NANO_REAIS
    assert history.cost("gpt", MILLION, before - timedelta(days=1)) == NANO_REAIS
    current = history.current
    assert current is not None
    assert current.changed_at == after


def test_what_is_unknown_and_what_is_nothing() -> None:
    history = PriceHistory([])

    assert history.current is None
    assert history.cost("gpt", MILLION, NOW) is None
    assert history.cost("gpt", Tokens(), NOW) == 0
    assert history.cost(None, Tokens(), NOW) == 0
    assert PriceHistory([PriceList(NOW, (price("*", "0"),))]).cost("gpt", MILLION, NOW) == 0


def test_no_number_of_tokens_costs_more_than_fits() -> None:
    prices = PriceList(NOW, (price("*", "10000"),))

    assert prices.cost("gpt", Tokens(10**17, 0), NOW) == 10**6 * NANO_REAIS


def test_sums_are_exact() -> None:
    assert nano_reais(Decimal("0.1")) + nano_reais(Decimal("0.2")) == nano_reais(Decimal("0.3"))
    assert in_reais(nano_reais(Decimal("12345678.123456789"))) == Decimal("12345678.123456789")

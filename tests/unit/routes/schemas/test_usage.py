"""Usage as JSON and CSV."""

import csv
from decimal import Decimal
from io import StringIO

import pytest

from app.domain.usage import Tally
from app.routes.schemas.usage import UsageOut, as_csv, plain
from app.services.usage import By, UsageRow


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+55", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")'],
)
def test_nothing_in_csv_is_a_formula(name: str) -> None:
    text = as_csv([UsageOut.of(UsageRow("0" * 24, Tally(), name), By.ASSISTANT)], By.ASSISTANT)

    (line,) = csv.DictReader(StringIO(text, newline=""))
    assert line["name"] == f"'{name}"


@pytest.mark.parametrize("name", ["Loja", "Padaria; São José, Ltda.", 'A "melhor"', "a\nb"])
def test_other_names_are_as_they_are(name: str) -> None:
    text = as_csv([UsageOut.of(UsageRow("0" * 24, Tally(), name), By.ASSISTANT)], By.ASSISTANT)

    (line,) = csv.DictReader(StringIO(text, newline=""))
    assert line["name"] == name


@pytest.mark.parametrize("by", By)
def test_without_rows_there_is_the_line_of_names(by: By) -> None:
    (names,) = csv.reader(StringIO(as_csv([], by)))

    about = {By.DAY: ["day"], By.ASSISTANT: ["assistant_id", "name"], By.MODEL: ["model"], By.TOTAL: []}[by]
    assert names[: names.index("messages")] == about
    assert names == next(csv.reader(StringIO(as_csv([UsageOut.of(UsageRow("x", Tally()), by)], by))))


@pytest.mark.parametrize(
    ("tally", "cost"),
    [
        ({}, "0"),
        ({"cost": 1}, "0.000000001"),
        ({"cost": 100_000_000_000}, "100"),
        ({"cost": 1_500_000_000, "unpriced": 1}, "1.5"),
        ({"unpriced": 1}, None),
    ],
)
def test_costs(tally: dict[str, int], cost: str | None) -> None:
    assert UsageOut.of(UsageRow(None, Tally(tally)), By.MODEL).cost_brl == cost


def test_amounts_have_no_exponent() -> None:
    assert [plain(Decimal(one)) for one in ("1E+3", "1E-9", "0.10", "0")] == ["1000", "0.000000001", "0.1", "0"]

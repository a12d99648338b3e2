"""Usage."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Annotated, Any

from pydantic import Field

from app.domain.conversations import Tokens
from app.domain.errors import InvalidError
from app.domain.ids import is_id
from app.domain.prices import in_reais
from app.domain.usage import Tally, percentile, times_of
from app.routes.schemas.common import AnswerModel, Id, PageQuery
from app.services.usage import By, UsageFilter, UsageRow

# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_Day = Annotated[date | None, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]


class UsageQuery(PageQuery):
    """Which usage to sum up, and by what."""

    assistant_id: str | None = Field(None, description="Absent: all assistants at which you have a role")
    first: _Day = Field(
        None,
        alias="from",
        description="The first day; absent: 29 days before the last one",
        examples=["2026-11-01"],
    )
    last: _Day = Field(
        None, alias="to", description="The last day; absent: today. At most 366 days", examples=["2026-11-30"]
    )
    by: By = Field(By.DAY, description="What each row is about; days are those of USAGE_TIMEZONE")
    compare: bool = Field(False, description="Tell as well what it was in as many days before")
    cursor: str | None = Field(None, max_length=200, description="Taken from the `Link` header of a page")

    def to_filter(self) -> UsageFilter:
        """What the service is asked for; raises `InvalidError` where the cursor is none of such a list."""
        if not self._is_cursor_sane():
            raise InvalidError("The page cannot be shown.", {"cursor": ["Is not one of this list."]})
        return UsageFilter(self.by, self.assistant_id, self.first, self.last, self.compare)

    def _is_cursor_sane(self) -> bool:
        if self.cursor is None or self.by is By.MODEL:
            return True
        if self.by is By.TOTAL:
            return False
        if self.by is By.ASSISTANT:
            return is_id(self.cursor)
        try:
            return date.fromisoformat(self.cursor).isoformat() == self.cursor
        except ValueError:
            return False


class UsageTokensOut(AnswerModel):
    """What models read and wrote."""

    input: int = Field(alias="in")
    output: int = Field(alias="out")
    cached: int = Field(description="The part of `in` that providers had in their caches")

    @classmethod
    def of(cls, tokens: Tokens) -> "UsageTokensOut":
        return cls(input=tokens.input, output=tokens.output, cached=tokens.cached)


class AnswerSecondsOut(AnswerModel):
    """How long answers took from the message's arrival, in seconds, within 5 %; null: there were none."""

    p50: float | None
    p95: float | None


class UsageNumbersOut(AnswerModel):
    """What messages were and cost."""

    messages: int = Field(
        description="Customers' messages that have ended; one that is delivered again counts once"
    )
    answered: int = Field(description="Answers that customers got; one for several messages in quick succession")
    without_person: int = Field(description="Of these, answers after which the assistant went on by itself")
    unanswered: int = Field(description="Of these, answers that said that the assistant does not know")
    degraded: int = Field(description="Answers by a stand-in for the model")
    handed_over: int = Field(description="Answers that gave the conversation to a person")
    discarded: int = Field(
        description="Answers that were made and that nobody got, as a person took over or too late"
    )
    failed: int = Field(description="Attempts to answer that failed; a retry that fails counts again")
    tests: int = Field(description="Answers on the test bench and in evaluations, which are in no other count")
    tokens: UsageTokensOut
    cost_brl: str | None = Field(
        description="What the models cost in reais, as far as it is known; null: nothing is", examples=["0.0421"]
    )
    unpriced: int = Field(description="Answers whose cost is not known and not in `cost_brl`")
    answer_seconds: AnswerSecondsOut

    @classmethod
    def of_tally(cls, tally: Tally) -> "UsageNumbersOut":
        times = times_of(tally)
        return cls(
            messages=tally["messages"],
            answered=tally["answered"],
            without_person=tally["answered"] - tally["handed_over"],
            unanswered=tally["unanswered"],
            degraded=tally["degraded"],
            handed_over=tally["handed_over"],
            discarded=tally["discarded"],
            failed=tally["failed"],
            tests=tally["tests"],
            tokens=UsageTokensOut(
                input=tally["tokens_in"], output=tally["tokens_out"], cached=tally["tokens_cached"]
            ),
            cost_brl=_cost(tally),
            unpriced=tally["unpriced"],
            answer_seconds=AnswerSecondsOut(p50=percentile(times, 0.5), p95=percentile(times, 0.95)),
        )


class UsageOut(UsageNumbersOut):
    """The usage of a day, an assistant, a model or all; `day`, `assistant_id` or `model` tells of which."""

    day: str | None = Field(description="With by=day", examples=["2026-11-22"])
    assistant_id: Id | None = Field(description="With by=assistant")
    name: str | None = Field(description="With by=assistant: its name; null: it was deleted")
    model: str | None = Field(description="With by=model; null: what no model answered")
    previous: UsageNumbersOut | None = Field(description="With compare=true: in as many days before")

    @classmethod
    def of(cls, row: UsageRow, by: By) -> "UsageOut":
        return cls(
            **UsageNumbersOut.of_tally(row.tally).model_dump(by_alias=False),
            day=row.key if by is By.DAY else None,
            assistant_id=row.key if by is By.ASSISTANT else None,
            name=row.name,
            model=row.key if by is By.MODEL else None,
            previous=None if row.previous is None else UsageNumbersOut.of_tally(row.previous),
        )


def as_csv(rows: Sequence[UsageOut], by: By) -> str:
    """The rows as CSV (RFC 4180), with a line of names; texts that spreadsheets take for formulas are quoted."""
    about = {By.DAY: ("day",), By.ASSISTANT: ("assistant_id", "name"), By.MODEL: ("model",)}.get(by, ())
    text = StringIO()
    writer = csv.writer(text)
    flat = [_flat(row, about) for row in rows]
    writer.writerow(flat[0] if flat else _flat(UsageOut.of(UsageRow(None, Tally()), by), about))
    writer.writerows([_harmless(value) for value in line.values()] for line in flat)
    return text.getvalue()


def plain(amount: Decimal) -> str:
    """An amount without an exponent and without zeros at the end."""
    return format(amount.normalize(), "f")


def _cost(tally: Tally) -> str | None:
    return None if tally["unpriced"] and not tally["cost"] else plain(in_reais(tally["cost"]))


def _flat(row: UsageOut, about: Sequence[str]) -> dict[str, Any]:
    values = row.model_dump()
    previous = values.pop("previous")
    before = _numbers(previous) if previous else {}
    return (
        {name: values[name] for name in about}
        | _numbers({name: value for name, value in values.items() if name not in _ABOUT})
        | {f"previous_{name}": value for name, value in before.items()}
    )


def _numbers(values: dict[str, Any]) -> dict[str, Any]:
    """One column for each number."""
    tokens, seconds = values.pop("tokens"), values.pop("answer_seconds")
    return (
        values
        | {f"tokens_{name}": number for name, number in tokens.items()}
        | {f"answer_seconds_{name}": number for name, number in seconds.items()}
    )


_ABOUT = {"day", "assistant_id", "name", "model"}


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value

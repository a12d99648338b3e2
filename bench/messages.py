"""What a message costs: the service beside the bare route, in turns."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.children import bare_server, stub_model
from bench.customers import Customers
from bench.installation import running
from bench.measuring import Target, measure, summary
from bench.scale import Scale
from bench.table import Row, Section, at_least, at_most

_CPU_TIMES_BARE = 4
_LONG_TIMES_SHORT = 3
_PERCENT_OF_BARE = 95
_THREADS = 64
# An assistant alone gets eight ninths of the threads: all its clients are to be served at once.
_MORE_THREADS = 1.3
_WARM_UP_SECONDS = 3
_WARM_UP_MESSAGES = 1000
# More than the service will ever answer, so that it is asked nothing twice.
_MOST_PER_SECOND = 300


class Contest(NamedTuple):
    """The two servers, in front of the same model."""

    service: Target
    bare: Target


class Comparison(NamedTuple):
    """The figures of either side (see `summary`) at a number of clients."""

    clients: int
    service: dict[str, float]
    bare: dict[str, float]


def run(folder: Path, api_key: str, scale: Scale, customers: Customers) -> Section:
    """Compare at each number of clients: with a model that takes no time, then with one that takes some."""
    instant, long = _with_instant_model(folder, api_key, scale, customers)
    waiting = [_with_slow_model(folder, api_key, scale, customers, clients) for clients in scale.waiting_clients]
    rows: list[Row] = []
    for found in instant:
        rows += [*_rows(found, ""), _cpu_row(found)]
    rows.append(at_most("  CPU of messages of 4,096 characters : short ones", long, _LONG_TIMES_SHORT, "×"))
    for found in waiting:
        rows += [*_rows(found, f", a model of {scale.model_seconds:g} s"), _rate_row(found)]
    figures = {"instant_model": _as_figures(instant), "long_messages": long, "slow_model": _as_figures(waiting)}
    return Section(f"Messages, with {scale.documents} documents (service | bare route)", rows, figures)


def compare(contest: Contest, customers: Customers, clients: int, load: tuple[float, float, int]) -> Comparison:
    """Take turns; `load` is the seconds under load, those in which clients arrive, and the number of turns."""
    seconds, stagger, repeats = load
    taken = []
    for _ in range(repeats):
        conversations = customers.conversations(_MOST_PER_SECOND * (seconds + stagger))
        taken.append([measure(target, clients, seconds, stagger, conversations) for target in contest])
    service, bare = zip(*taken, strict=True)
    return Comparison(clients, summary(service), summary(bare))


@contextmanager
def _contest(
    folder: Path, api_key: str, model_seconds: float, threads: int, customers: Customers
) -> Iterator[Contest]:
    """Both servers, warm, with `threads` threads each."""
    with (
        stub_model(model_seconds) as model_url,
        running(folder, model_url, int(_MORE_THREADS * threads)) as ours,
        bare_server(model_url, threads) as (process, port),
    ):
        contest = Contest(Target(ours.process, ours.port, api_key, ours.database), Target(process, port))
        for target in contest:
            conversations = customers.conversations(_WARM_UP_MESSAGES)
            measure(target, threads, _WARM_UP_SECONDS, model_seconds, conversations)
        yield contest


def _with_instant_model(
    folder: Path, api_key: str, scale: Scale, customers: Customers
) -> tuple[list[Comparison], float]:
    with _contest(folder, api_key, 0, _THREADS, customers) as contest:
        load = (scale.seconds, 0.1, scale.repeats)
        found = [compare(contest, customers, clients, load) for clients in scale.clients]
        return found, _long_to_short(contest.service, scale, customers)


def _long_to_short(service: Target, scale: Scale, customers: Customers) -> float:
    """How many times the CPU of a short message, of the service and its database, one of 4,096 characters takes."""

    def cpu_ms(conversations: list[list[str]]) -> float:
        measured = measure(service, 1, scale.seconds, 0.1, conversations)
        return measured.cpu_ms + measured.database_cpu_ms

    messages = _MOST_PER_SECOND * scale.seconds
    return cpu_ms(customers.long_conversations(messages)) / cpu_ms(customers.conversations(messages))


def _with_slow_model(folder: Path, api_key: str, scale: Scale, customers: Customers, clients: int) -> Comparison:
    with _contest(folder, api_key, scale.model_seconds, clients, customers) as contest:
        load = (scale.waiting_seconds, 2 * scale.model_seconds, scale.repeats)
        return compare(contest, customers, clients, load)


def _rows(found: Comparison, model: str) -> list[Row]:
    def both(*names: str) -> str:
        sides = (" / ".join(f"{side[name]:.1f}" for name in names) for side in (found.service, found.bare))
        return " | ".join(sides)

    what = f"{found.clients} client{'s' if found.clients > 1 else ''}{model}"
    return [
        Row(f"{what}: p50 / p95 / p99, ms", both("p50_ms", "p95_ms", "p99_ms")),
        Row(f"{what}: messages/s", both("messages_per_second")),
        Row(f"{what}: the database's CPU ms per message", f"{found.service['database_cpu_ms_per_message']:.1f}"),
        Row(f"{what}: CPU ms per message", both("cpu_ms_per_message")),
    ]


def _cpu_row(found: Comparison) -> Row:
    times = found.service["cpu_ms_per_message"] / found.bare["cpu_ms_per_message"]
    return at_most("  service : bare route", times, _CPU_TIMES_BARE, "×")


def _rate_row(found: Comparison) -> Row:
    percent = 100 * found.service["messages_per_second"] / found.bare["messages_per_second"]
    return at_least("  messages/s, service : bare route", percent, _PERCENT_OF_BARE, "%")


def _as_figures(comparisons: list[Comparison]) -> list[dict[str, object]]:
    return [comparison._asdict() for comparison in comparisons]

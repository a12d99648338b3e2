"""The collection `audit`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.audit import (
    Actor,
    ActorKind,
    AuditAction,
    AuditEntry,
    AuditFilter,
    AuditOutcome,
    Origin,
    Place,
    Target,
)
from app.domain.ids import new_id
from app.wiring.repositories import Repositories

AT = datetime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=UTC)


def an_entry(place: Place | None = None) -> AuditEntry:
    return AuditEntry(
        id=new_id(),
        at=AT,
        action=AuditAction.KEY_CREATE,
        outcome=AuditOutcome.BEGUN,
        actor=Actor(ActorKind.USER, new_id(), "Ana", "ana@example.com"),
        origin=Origin("203.0.113.7", "r-1"),
        place=place or Place(new_id(), new_id()),
        target=Target("key", "1", "Site"),
        before={"a": None},
        after={"a": {"b": [1, "c"]}},
        user_id=new_id(),
    )


def stored(rows: Repositories, entry: AuditEntry) -> list[AuditEntry]:
    assert entry.place
    return rows.audit.page(AuditFilter(assistant_id=entry.place.assistant_id), None, 9)


def test_an_entry_comes_back_as_written(rows: Repositories) -> None:
    entry = an_entry()
    rows.audit.add(entry)

    assert stored(rows, entry) == [entry]


def test_an_entry_ends_once(rows: Repositories) -> None:
    entry, target = an_entry(), Target("key", "2")
    rows.audit.add(entry)
    for outcome, code in ((AuditOutcome.REFUSED, "no"), (AuditOutcome.DONE, None)):
        rows.audit.end(entry.id, outcome, target, {"b": 1}, code)

    ended = replace(entry, outcome=AuditOutcome.REFUSED, code="no", target=target, after={"b": 1})
    assert stored(rows, entry) == [ended]


@pytest.mark.not_mongomock("Its writes are not atomic.")
def test_many_at_once_are_counted_in_one_entry(rows: Repositories) -> None:
    entry = replace(an_entry(), last_at=AT)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(rows.audit.count, [entry] * 8))

    assert stored(rows, entry) == [replace(entry, count=8)]


def test_the_oldest_are_deleted(rows: Repositories) -> None:
    place = Place(new_id(), new_id())
    entries = [replace(an_entry(place), id=f"{number:024x}") for number in range(1, 5)]
    for entry in entries:
        rows.audit.add(entry)

    assert rows.audit.delete_older(entries[3].id, 2) == 2
    assert stored(rows, entries[0]) == [entries[3], entries[2]]
    assert rows.audit.delete_older(entries[3].id, 2) == 1
    assert rows.audit.delete_older(entries[3].id, 2) == 0
    assert stored(rows, entries[0]) == [entries[3]]

"""What is written into the audit, and when."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.audit import AuditAction, AuditEntry, AuditOutcome, Origin, Target
from app.domain.callers import KeyHolder
from app.domain.errors import ConflictError, DatabaseUnavailableError
from app.domain.users import User
from app.services.audit import AuditLog, differences
from tests.fakes.audit import FakeAuditRows, audit_of_tests

ANA = User("a" * 24, "Ana", "ana@example.com", "-", False, datetime(2026, 1, 1, tzinfo=UTC))
HOME = Origin("203.0.113.7", "r-1")
UPDATE = AuditAction.ASSISTANT_UPDATE


@pytest.fixture
def rows() -> FakeAuditRows:
    return FakeAuditRows()


@pytest.fixture
def log(rows: FakeAuditRows) -> AuditLog:
    return audit_of_tests(rows, HOME)


def only(rows: FakeAuditRows) -> AuditEntry:
    (entry,) = rows.entries.values()
    return entry


def test_an_entry_is_there_before_the_change(rows: FakeAuditRows, log: AuditLog) -> None:
    with log.change(ANA, UPDATE, Target("assistant", "1"), before={"name": "A"}, after={"name": "B"}):
        begun = only(rows)
        assert (begun.outcome, begun.before, begun.after) == (AuditOutcome.BEGUN, {"name": "A"}, {"name": "B"})

    assert only(rows).outcome is AuditOutcome.DONE
    assert (only(rows).actor.email, only(rows).user_id, only(rows).origin) == (ANA.email, ANA.id, HOME)


def test_what_is_known_only_afterwards(rows: FakeAuditRows, log: AuditLog) -> None:
    with log.change(ANA, UPDATE) as change:
        change.target, change.after = Target("document", "1"), {"n": 2}

    assert (only(rows).target, only(rows).after) == (Target("document", "1"), {"n": 2})


@pytest.mark.parametrize(
    ("error", "outcome", "code"),
    [
        (ConflictError("No.", code="last_owner"), AuditOutcome.REFUSED, "last_owner"),
        (DatabaseUnavailableError(), AuditOutcome.BEGUN, None),
        (ZeroDivisionError(), AuditOutcome.BEGUN, None),
    ],
)
def test_an_error_says_whether_anything_changed(
    rows: FakeAuditRows, log: AuditLog, error: Exception, outcome: AuditOutcome, code: str | None
) -> None:
    with pytest.raises(type(error)), log.change(ANA, UPDATE):
        raise error

    assert (only(rows).outcome, only(rows).code) == (outcome, code)


def test_a_change_that_is_made_stays_made(
    rows: FakeAuditRows, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "end", lambda *_: 1 / 0)

    with log.change(ANA, UPDATE):
        pass

    assert only(rows).outcome is AuditOutcome.BEGUN


def test_who_acts(rows: FakeAuditRows, log: AuditLog) -> None:
    log.record(KeyHolder("1", "Site", "2", frozenset()), UPDATE)
    log.record(None, UPDATE)

    key, service = rows.entries.values()
    assert (key.actor.kind, key.actor.id, key.actor.name, key.user_id, key.origin) == (
        "key",
        "1",
        "Site",
        None,
        HOME,
    )
    assert (service.actor.kind, service.actor.id, service.origin) == ("service", None, Origin())


def test_failed_logins_of_an_hour_are_one_entry_for_account_and_network(rows: FakeAuditRows) -> None:
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:1::1"):
        for user in (ANA, None, None):
            audit_of_tests(rows, Origin(address)).failed_login(user)

    assert sorted(entry.count for entry in rows.entries.values()) == [1, 2, 2, 4]
    assert {entry.user_id for entry in rows.entries.values()} == {ANA.id, None}


def test_values_are_made_storable(rows: FakeAuditRows, log: AuditLog) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    after = {"budget": Decimal("0.50"), "at": at, "scopes": ("a",), "text": "x" * 900, "no": None, "n": {"a": 1.5}}
    with log.change(ANA, UPDATE, Target("document", name="\ud800.md"), after=after):
        pass

    stored = dict(only(rows).after or {})
    assert len(stored.pop("text")) == 501
    assert stored == {
        "budget": "0.50",
        "at": "2026-01-02T00:00:00.000+00:00",
        "scopes": ["a"],
        "no": None,
        "n": {"a": 1.5},
    }
    assert only(rows).target == Target("document", name="?.md")


def test_differences() -> None:
    assert differences({"a": 1, "b": 2}, {"b": 3, "c": 4}) == ({"b": 2, "c": None}, {"b": 3, "c": 4})

"""Accounts as administrators look after them, without a database."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from app.domain.errors import ConflictError, ForbiddenError, NotFoundError
from app.domain.ids import new_id
from app.domain.users import FoundUsers, User
from app.services.administrators import LastAdministrator, NamedAdministrators
from app.services.login_throttle import LoginThrottle
from app.services.users import UserService
from tests.fakes.audit import audit_of_tests
from tests.fakes.clock import FakeClock
from tests.fakes.sign_in import FakeAttempts, FakeUsualAddresses

THEN = datetime(2026, 1, 1, tzinfo=UTC)


def a_user(name: str, *, is_admin: bool = False) -> User:
    return User(new_id(), name, f"{name}@example.com", "", is_admin, THEN)


@dataclass
class FakeUsers:
    """Users in memory; `before_change` is what somebody else does at the last moment."""

    users: dict[str, User]
    before_change: Callable[[], None] | None = None

    def by_id(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    def page(self, before: str | None, limit: int) -> list[User]:
        return list(self.users.values())[:limit]

    def search(self, text: str, before: str | None, limit: int) -> FoundUsers:
        return FoundUsers([one for one in self.users.values() if text in one.name][:limit], None)

    def administrators(self, emails: Collection[str]) -> list[User]:
        return [
            user for user in self.users.values() if (user.is_admin or user.email in emails) and not user.blocked
        ]

    def change(self, user: User, *, is_admin: bool, blocked: bool) -> bool:
        if self.before_change:
            other, self.before_change = self.before_change, None
            other()
        now = self.users[user.id]
        if (now.is_admin, now.blocked) != (user.is_admin, user.blocked):
            return False
        self.users[user.id] = replace(now, is_admin=is_admin, blocked=blocked)
        return True

    def remove(self, user_id: str) -> None:
        del self.users[user_id]


@dataclass
class FakeRemovals:
    """Announcements that do not expire."""

    removals: dict[str, str] = field(default_factory=dict)

    def announce(self, removal_id: str, user_id: str, until: datetime) -> None:
        self.removals[removal_id] = user_id

    def announced(self, now: datetime) -> set[str]:
        return set(self.removals.values())

    def end(self, removal_id: str) -> None:
        del self.removals[removal_id]


@dataclass
class FakeMemberships:
    """Who owns assistants (`answers` come first), and whose roles were taken away."""

    owners: set[str] = field(default_factory=set)
    answers: list[bool] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def owns_any(self, user_id: str) -> bool:
        return self.answers.pop(0) if self.answers else user_id in self.owners

    def remove_from_all(self, user_id: str) -> None:
        self.removed.append(user_id)


class Office:
    """Ada and Bia administer, Ana does not; `named` administers by the settings."""

    def __init__(self, *named: str) -> None:
        self.ada, self.bia = a_user("ada", is_admin=True), a_user("bia", is_admin=True)
        self.ana = a_user("ana")
        self.users = FakeUsers({user.id: user for user in (self.ada, self.bia, self.ana)})
        self.removals, self.memberships = FakeRemovals(), FakeMemberships()
        administrators = NamedAdministrators(named)
        throttle = LoginThrottle(FakeAttempts(), FakeUsualAddresses(), FakeClock())
        guard = LastAdministrator(self.users, self.removals, administrators, FakeClock())
        self.service = UserService(
            self.users, self.memberships, throttle, administrators, guard, audit=audit_of_tests()
        )

    def demote(self, user: User) -> None:
        self.service.update(self.ada, user.id, is_admin=False, blocked=None)

    def block(self, user: User) -> None:
        self.service.update(self.ada, user.id, is_admin=None, blocked=True)

    def delete(self, user: User) -> None:
        self.service.delete(self.ada, user.id)


WAYS = [Office.demote, Office.block, Office.delete]


@pytest.mark.parametrize("remove", WAYS)
def test_one_of_two_administrators_may_go_and_the_last_one_may_not(remove: Callable[[Office, User], None]) -> None:
    office = Office()
    remove(office, office.bia)

    for who in (office.ada, office.bia):
        if office.users.administrators(()) == [who]:
            with pytest.raises(ConflictError) as refused:
                remove(office, who)
            assert refused.value.code == "last_administrator"
    assert office.users.administrators(()) == [office.ada]
    assert office.removals.removals == {}


@pytest.mark.parametrize("remove", WAYS)
@pytest.mark.parametrize("other", WAYS)
def test_two_who_remove_each_other_at_once_do_not_both_go(
    remove: Callable[[Office, User], None], other: Callable[[Office, User], None]
) -> None:
    office = Office()
    office.users.before_change = lambda: _refused(office, office.ada, other)

    remove(office, office.bia)

    assert office.users.administrators(()) == [office.ada]


def _refused(office: Office, user: User, remove: Callable[[Office, User], None]) -> None:
    with pytest.raises(ConflictError) as refused:
        remove(office, user)
    assert refused.value.code == "last_administrator"


def test_whoever_was_made_an_administrator_at_the_last_moment_is_looked_at_again() -> None:
    office = Office()
    office.demote(office.bia)

    def swap() -> None:
        office.service.update(office.ada, office.ana.id, is_admin=True, blocked=None)
        office.demote(office.ada)

    office.users.before_change = swap
    with pytest.raises(ConflictError) as refused:
        office.block(office.ana)

    assert refused.value.code == "last_administrator"


def test_an_administrator_by_the_settings_is_one() -> None:
    office = Office("ana@example.com")
    office.demote(office.bia)
    office.demote(office.ada)

    assert [user.is_admin for user in office.service.page(office.ada, None, 9)] == [False, False, True]
    _refused(office, office.ana, Office.block)


def test_the_settings_have_the_last_word() -> None:
    office = Office("ana@example.com")

    with pytest.raises(ConflictError) as refused:
        office.demote(office.ana)
    assert refused.value.code == "named_in_settings"


def test_whoever_owns_assistants_stays() -> None:
    office = Office()
    office.memberships.owners = {office.ana.id}

    with pytest.raises(ConflictError) as refused:
        office.delete(office.ana)
    assert refused.value.code == "owns_assistants"
    assert office.users.users[office.ana.id] == office.ana


@pytest.mark.parametrize("name", ["ana", "bia"])
def test_whoever_got_an_assistant_at_the_last_moment_stays_as_they_were(name: str) -> None:
    office = Office()
    office.memberships.answers = [False, True]
    user: User = getattr(office, name)

    with pytest.raises(ConflictError) as refused:
        office.delete(user)
    assert refused.value.code == "owns_assistants"
    assert office.users.users[user.id] == user
    assert office.removals.removals == {}


def test_whoever_is_deleted_has_no_roles_any_more() -> None:
    office = Office()
    office.delete(office.ana)

    assert office.memberships.removed == [office.ana.id]
    assert office.ana.id not in office.users.users


def test_nobody_else_may() -> None:
    office = Office()
    for act in (
        lambda: office.service.page(office.ana, None, 9),
        lambda: office.service.get(office.ana, office.ana.id),
        lambda: office.service.update(office.ana, office.ana.id, is_admin=True, blocked=None),
        lambda: office.service.delete(office.ana, "x"),
    ):
        with pytest.raises(ForbiddenError) as refused:
            act()
        assert refused.value.code == "not_allowed"


@pytest.mark.parametrize("user_id", ["", "x", "0" * 24])
def test_an_id_of_nobody_is_nobodys(user_id: str) -> None:
    office = Office()

    with pytest.raises(NotFoundError):
        office.service.delete(office.ada, user_id)
    with pytest.raises(NotFoundError):
        office.service.update(office.ada, user_id, is_admin=True, blocked=None)

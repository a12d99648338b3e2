from collections.abc import Callable

from app.repositories.recently_read import RecentlyRead


def reader(*values: str | None) -> Callable[[], str | None]:
    left = list(values)
    return lambda: left.pop(0)


def test_a_value_is_read_once_in_a_second() -> None:
    recent: RecentlyRead[str] = RecentlyRead()
    read = reader("one", "two")

    assert [recent.get("a", read) for _ in range(3)] == ["one"] * 3


def test_after_a_change_it_is_read_again() -> None:
    recent: RecentlyRead[str] = RecentlyRead()
    read = reader("one", "two")
    recent.get("a", read)

    recent.forget()

    assert recent.get("a", read) == "two"


def test_nothing_is_kept_of_what_is_not_there() -> None:
    recent: RecentlyRead[str] = RecentlyRead()
    read = reader(None, "one")

    assert [recent.get("a", read) for _ in range(2)] == [None, "one"]


def test_what_was_read_while_it_changed_is_not_kept() -> None:
    recent: RecentlyRead[str] = RecentlyRead()

    def changed_meanwhile() -> str:
        recent.forget()
        return "old"

    assert recent.get("a", changed_meanwhile) == "old"
    assert recent.get("a", reader("new")) == "new"

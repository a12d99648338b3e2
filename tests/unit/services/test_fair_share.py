"""Whose messages get a thread."""

from collections.abc import Sequence
from contextlib import suppress

import pytest

from app.domain.errors import BusyError
from app.services.fair_share import FairShare, share_of_long_requests


def taken(share: FairShare, assistant_id: str) -> int:
    """How many threads an assistant gets that takes all it can."""
    for number in range(10_000):
        try:
            share.take(assistant_id, "c")
        except BusyError:
            return number
    raise AssertionError("there was no bound")


@pytest.mark.parametrize(("threads", "most"), [(1, 1), (2, 1), (4, 2), (8, 6), (64, 53), (1024, 853)])
def test_one_assistant_alone_leaves_room_for_others(threads: int, most: int) -> None:
    assert taken(FairShare(lambda: threads, 10_000), "a") == most


@pytest.mark.parametrize("threads", [4, 8, 64])
def test_a_newcomer_finds_room(threads: int) -> None:
    share = FairShare(lambda: threads, 10_000)
    taken(share, "flood")

    share.take("quiet", "d")


def test_floods_leave_each_other_room_as_messages_end() -> None:
    share, tenants = FairShare(lambda: 64, 10_000), ("a", "b", "c")
    held = {tenant: taken(share, tenant) for tenant in tenants}
    for _ in range(2000):
        longest = max(held, key=lambda tenant: held[tenant])
        share.give_back(longest, "c")
        held[longest] -= 1
        for tenant in sorted(tenants, key=lambda tenant: held[tenant]):
            held[tenant] += taken(share, tenant)

    assert spread(list(held.values())) <= 2
    assert sum(held.values()) < 60


def spread(values: Sequence[int]) -> int:
    return max(values) - min(values)


def test_a_thread_is_given_back_after_an_error() -> None:
    share = FairShare(lambda: 2, 9)

    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), share.held("a", "c"):
            raise ValueError("broken")


def test_a_busy_assistant_is_told_when_to_come_again() -> None:
    share = FairShare(lambda: 1, 9)
    with share.held("a", "c"), pytest.raises(BusyError, match="again") as refused, share.held("b", "d"):
        pass

    assert (refused.value.code, refused.value.retry_after) == ("busy", 5)


def test_a_conversation_holds_no_more_than_its_queue_has_room_for() -> None:
    share = FairShare(lambda: 64, 3)

    assert taken(share, "a") == 3
    share.take("a", "another")
    share.give_back("a", "c")
    share.take("a", "c")


def test_people_are_not_bound_by_a_conversation() -> None:
    share = FairShare(lambda: 64, 1)
    for _ in range(53):
        share.take("user:1")
    with pytest.raises(BusyError, match="account"):
        share.take("user:1")

    share.take("an assistant", "c")


@pytest.mark.parametrize(("threads", "one", "all_together"), [(1, 1, 1), (4, 1, 2), (64, 16, 32)])
def test_long_requests_leave_half_of_the_threads_to_short_ones(threads: int, one: int, all_together: int) -> None:
    share, held = share_of_long_requests(lambda: threads), 0
    for tenant in range(100):
        with suppress(BusyError):
            for _ in range(100):
                share.take(str(tenant))
                held += 1
        assert tenant or held == one

    assert held == all_together


def test_the_load_tells_who_waits_in_a_conversation() -> None:
    share = FairShare(lambda: 64, 9)
    for conversation in ("a", "a", "a", "b", None):
        share.take("loja", conversation)
    assert share.load() == (5, 2)

    for _ in range(2):
        share.give_back("loja", "a")
    assert share.load() == (3, 0)

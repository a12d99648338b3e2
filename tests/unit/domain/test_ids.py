"""Ids."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from bson import ObjectId

from app.domain.ids import derived_id, is_id, made_at, new_id

_SECOND = 1 << 64


def test_an_id_has_the_shape_of_an_object_id() -> None:
    made = new_id()

    assert is_id(made)
    assert abs(ObjectId(made).generation_time.timestamp() - time.time()) < 5


def test_ids_sort_by_the_time_they_were_made() -> None:
    ids = [new_id() for _ in range(5000)]

    assert ids == sorted(set(ids))


def test_threads_make_no_id_twice() -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(lambda _: new_id(), range(4000)))

    assert len(set(ids)) == 4000


def test_an_id_is_greater_than_one_of_a_clock_that_is_ahead() -> None:
    ahead = f"{int(new_id(), 16) + _SECOND:024x}"

    following = [new_id(after=ahead), new_id()]

    assert ahead < following[0] < following[1]
    assert made_at(following[0]) - made_at(ahead) == timedelta(microseconds=1)


def test_an_id_after_an_old_one_is_made_now() -> None:
    old, newest = "0" * 24, new_id()

    assert new_id(after=old) > newest


@pytest.mark.parametrize("microsecond", [0, 999_999])
def test_an_id_goes_on_after_any_microsecond(microsecond: int) -> None:
    second = int(time.time()) + 1
    last = f"{(second << 64) | (microsecond << 44) | (1 << 44) - 1:024x}"

    following = new_id(after=last)

    assert following > last
    assert made_at(following) > made_at(last)


def test_an_id_says_when_it_was_made() -> None:
    made = [new_id() for _ in range(3)]

    assert abs(made_at(made[0]) - datetime.now(UTC)) < timedelta(seconds=5)
    assert [made_at(one) for one in made] == sorted({made_at(one) for one in made})
    assert made_at(made[0]).replace(microsecond=0) == ObjectId(made[0]).generation_time


def test_a_derived_id_belongs_to_its_parts_alone() -> None:
    assert is_id(derived_id("a", "b"))
    assert derived_id("a", "b") == derived_id("a", "b")
    assert len({derived_id(*parts) for parts in (("a", "b"), ("b", "a"), ("ab",), ("ab", ""), ("", "ab"))}) == 5


@pytest.mark.parametrize(
    "text", ["", "x", "0" * 23, "0" * 25, "0" * 23 + "g", "A" * 24, "0" * 24 + "\n", "٠" * 24, " " + "0" * 23]
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert not is_id(text)

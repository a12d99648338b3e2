"""Ids."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from bson import ObjectId

from app.domain.ids import is_id, new_id


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


@pytest.mark.parametrize(
    "text", ["", "x", "0" * 23, "0" * 25, "0" * 23 + "g", "A" * 24, "0" * 24 + "\n", "٠" * 24, " " + "0" * 23]
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert not is_id(text)

"""GET /assistants/list"""

import pytest

from app.domain.assistants import Assistant
from app.domain.ids import new_id
from tests.api.house import Caller, House, assert_error, next_page


def test_the_newest_comes_first(ana: Caller) -> None:
    made = [ana.make_assistant(name) for name in ("um", "dois", "três")]

    assert ana.get("/assistants/list").json == made[::-1]


def test_nobody_sees_what_others_own(ana: Caller, bruno: Caller) -> None:
    mine = ana.make_assistant()["_id"]
    his = bruno.make_assistant()["_id"]

    assert ana.ids("/assistants/list") == [mine]
    assert bruno.ids("/assistants/list") == [his]


def test_an_administrator_sees_all(ada: Caller, ana: Caller, bruno: Caller) -> None:
    made = [ana.make_assistant()["_id"], bruno.make_assistant()["_id"], ada.make_assistant()["_id"]]

    assert ada.ids("/assistants/list?limit=3") == made[::-1]


def test_pages_follow_one_another_to_the_last(ana: Caller) -> None:
    made = [ana.make_assistant()["_id"] for _ in range(7)]

    pages = ana.pages("/assistants/list?limit=3")

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [entry["_id"] for page in pages for entry in page] == made[::-1]


def test_a_full_last_page_has_no_next(ana: Caller) -> None:
    for _ in range(4):
        ana.make_assistant()

    assert [len(page) for page in ana.pages("/assistants/list?limit=2")] == [2, 2]


def test_what_is_added_meanwhile_shifts_no_page(ana: Caller) -> None:
    made = [ana.make_assistant()["_id"] for _ in range(4)]
    following = next_page(ana.get("/assistants/list?limit=2"))
    ana.make_assistant()

    assert following
    assert ana.ids(following) == [made[1], made[0]]


def test_a_cursor_outlives_its_entry(ana: Caller) -> None:
    made = [ana.make_assistant()["_id"] for _ in range(3)]
    following = next_page(ana.get("/assistants/list?limit=2"))
    ana.delete(f"/assistants/delete/{made[1]}")

    assert following
    assert ana.ids(following) == [made[0]]


@pytest.mark.parametrize(("cursor", "entries"), [("0" * 24, 0), ("f" * 24, 1)])
def test_any_id_is_a_cursor(ana: Caller, cursor: str, entries: int) -> None:
    ana.make_assistant()

    assert len(ana.ids(f"/assistants/list?cursor={cursor}")) == entries


def test_a_page_has_100_entries_by_default_and_500_at_most(house: House, ana: Caller) -> None:
    for _ in range(101):
        house.rows.assistants.add(Assistant(new_id(), "Loja", ana.id, new_id(), house.clock()))

    assert [len(page) for page in ana.pages("/assistants/list")] == [100, 1]
    assert [len(page) for page in ana.pages("/assistants/list?limit=500")] == [101]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=501", "limit"),
        ("limit=many", "limit"),
        ("limit=", "limit"),
        ("cursor=1", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=0123456789abcdef01234567%0A", "cursor"),
        ("name=Loja", "name"),
        ("limit[$gt]=1", "limit[$gt]"),
    ],
)
def test_what_cannot_be_used_is_named(ana: Caller, query: str, named: str) -> None:
    assert_error(ana.get(f"/assistants/list?{query}"), 422, "validation_error", named)


def test_an_empty_list_is_an_array(ana: Caller) -> None:
    response = ana.get("/assistants/list")

    assert (response.json, response.headers.get("Link")) == ([], None)

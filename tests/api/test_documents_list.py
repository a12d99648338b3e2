"""GET /documents/list"""

from typing import Any

import pytest

from tests.api.house import Caller, assert_error

PATH = "/documents/list"


def test_the_newest_comes_first_as_get_gives_it(ana: Caller, assistant: dict[str, Any]) -> None:
    made = [
        ana.upload(assistant["_id"], "um", "1.md"),
        ana.upload(assistant["_id"], "dois", "2.txt", "prompt"),
        ana.upload(assistant["_id"], "três", "3.md"),
    ]

    assert ana.get(PATH).json == made[::-1]


def test_nobody_sees_what_others_own(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    ana.upload(assistant["_id"], "um")
    his = bruno.upload(bruno.make_assistant()["_id"], "dois")

    assert bruno.get(PATH).json == [his]


def test_an_administrator_sees_all(ada: Caller, ana: Caller, assistant: dict[str, Any]) -> None:
    document = ana.upload(assistant["_id"], "um")["_id"]

    assert ada.ids(f"{PATH}?limit=1") == [document]


def test_filters(ana: Caller, assistant: dict[str, Any]) -> None:
    other = ana.make_assistant()["_id"]
    knowledge = ana.upload(assistant["_id"], "um", "1.md")["_id"]
    prompt = ana.upload(assistant["_id"], "dois", "2.md", "prompt")["_id"]
    elsewhere = ana.upload(other, "três", "3.md")["_id"]

    assert ana.ids(f"{PATH}?assistant_id={assistant['_id']}") == [prompt, knowledge]
    assert ana.ids(f"{PATH}?type=rag") == [elsewhere, knowledge]
    assert ana.ids(f"{PATH}?type=PROMPT") == [prompt]
    assert ana.ids(f"{PATH}?type=rag&assistant_id={other}") == [elsewhere]
    assert ana.ids(f"{PATH}?type=prompt&assistant_id={other}") == []


def test_pages_follow_one_another_to_the_last(ana: Caller, assistant: dict[str, Any]) -> None:
    made = [ana.upload(assistant["_id"], "x", f"{number}.md")["_id"] for number in range(4)]
    made.insert(2, ana.upload(assistant["_id"], "x", "p.md", "prompt")["_id"])
    made.sort()

    for path in (f"{PATH}?limit=2", f"{PATH}?limit=2&assistant_id={assistant['_id']}"):
        pages = ana.pages(path)
        assert [len(page) for page in pages] == [2, 2, 1]
        assert [document["_id"] for page in pages for document in page] == made[::-1]
    assert [len(page) for page in ana.pages(f"{PATH}?limit=2&type=rag")] == [2, 2]


@pytest.mark.parametrize("query", ["type=", "type=x", "type[$ne]=rag", "filename=x"])
def test_what_cannot_be_used_is_named(ana: Caller, query: str) -> None:
    assert_error(ana.get(f"{PATH}?{query}"), 422, "validation_error", query.partition("=")[0])

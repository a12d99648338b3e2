"""GET, POST and DELETE /assistants/webhooks/<id>."""

import base64
from typing import Any

import pytest

from app.domain.webhooks import EventType
from tests.api.house import BAD_IDS, UNKNOWN_ID, Caller, House, assert_error, assert_same_not_found
from tests.api.webhooks import add_webhook

URL = "https://hooks.example.invalid/orquestradora"
SHOWN = {"_id", "url", "events", "createdAt", "disabled_at"}


def test_a_webhook_is_made_with_a_secret_that_is_shown_once(ana: Caller, assistant: dict[str, Any]) -> None:
    made = add_webhook(ana, assistant["_id"], URL, "message.answered", "document.ready")

    assert set(made) == {*SHOWN, "secret"}
    assert (made["url"], made["disabled_at"]) == (URL, None)
    assert set(made["events"]) == {"message.answered", "document.ready"}
    assert made["secret"].startswith("whsec_")
    assert len(base64.b64decode(made["secret"].removeprefix("whsec_"))) == 32
    listed = ana.get(f"/assistants/webhooks/{assistant['_id']}").json
    assert listed == [{name: value for name, value in made.items() if name != "secret"}]


def test_the_secret_is_not_readable_in_the_database(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    secret = add_webhook(ana, assistant["_id"], URL)["secret"]

    for name in house.database.list_collection_names():
        rows = str(list(house.database[name].find()))
        assert secret not in rows
        assert secret.removeprefix("whsec_") not in rows


def test_without_a_choice_it_is_told_of_everything(ana: Caller, assistant: dict[str, Any]) -> None:
    assert set(add_webhook(ana, assistant["_id"], URL)["events"]) == set(EventType)


def test_the_list_is_paged_newest_first(ana: Caller, assistant: dict[str, Any]) -> None:
    made = [add_webhook(ana, assistant["_id"], f"{URL}/{number}")["_id"] for number in range(3)]

    pages = ana.pages(f"/assistants/webhooks/{assistant['_id']}?limit=2")

    assert [[one["_id"] for one in page] for page in pages] == [[made[2], made[1]], [made[0]]]


def test_an_assistant_has_ten_at_most(ana: Caller, assistant: dict[str, Any]) -> None:
    path = f"/assistants/webhooks/{assistant['_id']}"
    made = [add_webhook(ana, assistant["_id"], URL) for _ in range(10)]

    assert "10" in assert_error(ana.post(path, {"url": URL}), 409, "too_many_webhooks")
    ana.delete(f"{path}?webhook_id={made[4]['_id']}")
    add_webhook(ana, assistant["_id"], URL)

    assert len(ana.get(path).json or []) == 10


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.invalid/",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1:8080/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://10.0.0.1/",
        "https://hooks.example.invalid:25/",
        "https://ana:secret@hooks.example.invalid/",
        "ftp://hooks.example.invalid/",
        "file:///etc/passwd",
        "hooks.example.invalid",
        "",
        "https://",
        f"https://hooks.example.invalid/{'a' * 5000}",
    ],
)
def test_a_url_that_nothing_is_sent_to_is_refused(ana: Caller, assistant: dict[str, Any], url: str) -> None:
    path = f"/assistants/webhooks/{assistant['_id']}"

    assert_error(ana.post(path, {"url": url}), 422, "url_refused", "url")

    assert ana.get(path).json == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": None}, "url"),
        ({"url": 1}, "url"),
        ({"url": "https://a.example\x00/"}, "url"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["message.answered", "message.read"]}, "events"),
        ({"url": URL, "events": ["MESSAGE.ANSWERED"]}, "events"),
        ({"url": URL, "events": "message.answered"}, "events"),
        ({"url": URL, "events": [None]}, "events"),
        ({"url": URL, "events": ["message.answered"] * 101}, "events"),
        ({"url": URL, "secret": "whsec_mine"}, "secret"),
    ],
)
def test_what_cannot_be_used_is_named(
    ana: Caller, assistant: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    response = ana.post(f"/assistants/webhooks/{assistant['_id']}", body)

    assert response.status_code == 422
    assert response.json is not None
    assert {name.partition(".")[0] for name in response.json["fields"]} == {field}
    assert "whsec_mine" not in response.text


def test_a_type_named_twice_counts_once(ana: Caller, assistant: dict[str, Any]) -> None:
    made = add_webhook(ana, assistant["_id"], URL, "message.failed", "message.failed")

    assert made["events"] == ["message.failed"]


def test_a_webhook_is_deleted_once(ana: Caller, assistant: dict[str, Any]) -> None:
    path = f"/assistants/webhooks/{assistant['_id']}"
    kept, deleted = (add_webhook(ana, assistant["_id"], URL)["_id"] for _ in range(2))

    assert ana.delete(f"{path}?webhook_id={deleted}").status_code == 200

    assert [one["_id"] for one in ana.get(path).json or []] == [kept]
    for bad in (deleted, *BAD_IDS):
        assert_error(ana.delete(f"{path}?webhook_id={bad}"), 404, "not_found")
    assert_error(ana.delete(path), 422, "validation_error", "webhook_id")
    assert_error(ana.delete(f"{path}?webhook_id={kept}&x=1"), 422, "validation_error", "x")


def test_a_stranger_sees_and_does_nothing(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    webhook_id = add_webhook(ana, assistant["_id"], URL)["_id"]
    ids = (assistant["_id"], UNKNOWN_ID)

    assert_same_not_found([bruno.get(f"/assistants/webhooks/{one}") for one in ids])
    assert_same_not_found([bruno.post(f"/assistants/webhooks/{one}", {"url": URL}) for one in ids])
    assert_same_not_found([bruno.delete(f"/assistants/webhooks/{one}?webhook_id={webhook_id}") for one in ids])

    assert [one["_id"] for one in ana.get(f"/assistants/webhooks/{assistant['_id']}").json or []] == [webhook_id]
    other = bruno.make_assistant()["_id"]
    assert_error(bruno.delete(f"/assistants/webhooks/{other}?webhook_id={webhook_id}"), 404, "not_found")

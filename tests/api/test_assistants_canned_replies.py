"""Labels and canned replies of an assistant."""

from typing import Any

import pytest

from tests.api.house import UNKNOWN_ID, Caller, assert_error, assert_same_not_found


@pytest.fixture
def replies(assistant: dict[str, Any]) -> str:
    return f"/assistants/cannedReplies/{assistant['_id']}"


@pytest.fixture
def labels(assistant: dict[str, Any]) -> str:
    return f"/assistants/labels/{assistant['_id']}"


def test_canned_replies_are_listed_by_shortcut(ana: Caller, replies: str, assistant: dict[str, Any]) -> None:
    made = [
        ana.post(replies, {"shortcut": shortcut, "text": "Olá, {{nome}}!"}).json
        for shortcut in ("Tchau", "oi", "é")
    ]

    listed = ana.get(replies).json or []

    assert [one["shortcut"] for one in listed] == ["é", "oi", "Tchau"]
    assert listed[1] == made[1]
    assert set(listed[0]) == {"_id", "assistant_id", "shortcut", "text", "createdAt"}
    assert (listed[0]["assistant_id"], listed[0]["text"]) == (assistant["_id"], "Olá, {{nome}}!")


def test_a_shortcut_is_there_once(ana: Caller, replies: str) -> None:
    first = ana.post(replies, {"shortcut": "saudação", "text": "Olá!"}).json or {}
    second = ana.post(replies, {"shortcut": "fim", "text": "Até logo!"}).json or {}

    again = ana.post(replies, {"shortcut": "SAUDACAO", "text": "Oi!"})
    assert_error(again, 409, "shortcut_taken")
    renamed = ana.put(f"{replies}?reply_id={second['_id']}", {"shortcut": "Saudação"})
    assert_error(renamed, 409, "shortcut_taken")
    kept = ana.put(f"{replies}?reply_id={first['_id']}", {"shortcut": "Saudação", "text": "Oi!"})
    assert (kept.json or {})["text"] == "Oi!"
    other = ana.make_assistant()["_id"]
    assert ana.post(f"/assistants/cannedReplies/{other}", {"shortcut": "fim", "text": "x"}).status_code == 201


def test_canned_replies_are_changed_and_deleted(ana: Caller, replies: str) -> None:
    made = ana.post(replies, {"shortcut": "oi", "text": "Olá!"}).json or {}

    changed = ana.put(f"{replies}?reply_id={made['_id']}", {"text": "Oi!"}).json
    assert changed == {**made, "text": "Oi!"}
    assert ana.delete(f"{replies}?reply_id={made['_id']}").status_code == 200
    assert ana.get(replies).json == []
    gone = [ana.delete(f"{replies}?reply_id={one}") for one in (made["_id"], UNKNOWN_ID, "x")]
    assert_same_not_found(gone)


@pytest.mark.parametrize("shortcut", ["", "a b", "/oi", "x" * 51, "oi\n", "💡"])
def test_a_shortcut_is_one_word(ana: Caller, replies: str, shortcut: str) -> None:
    assert_error(ana.post(replies, {"shortcut": shortcut, "text": "x"}), 422, "validation_error", "shortcut")


def test_texts_have_bounds(ana: Caller, replies: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", " ", "x" * 4097):
        assert_error(ana.post(replies, {"shortcut": "oi", "text": text}), 422, "validation_error", "text")

    monkeypatch.setattr("app.services.inbox.canned_replies.MOST_REPLIES", 1)
    assert ana.post(replies, {"shortcut": "oi", "text": "x" * 4096}).status_code == 201
    assert_error(ana.post(replies, {"shortcut": "ola", "text": "x"}), 409, "too_many_replies")


def test_labels_are_made_changed_and_there_once(ana: Caller, labels: str) -> None:
    made = ana.post(labels, {"name": " VIP ", "color": "#D97706"}).json or {}
    assert set(made) == {"_id", "assistant_id", "name", "color", "createdAt"}
    assert (made["name"], made["color"]) == ("VIP", "#d97706")
    assert_error(ana.post(labels, {"name": "vip", "color": "#000000"}), 409, "label_exists")

    other = ana.post(labels, {"name": "Atacado", "color": "#000000"}).json or {}
    path = f"{labels}?label_id={made['_id']}"
    assert_error(ana.put(path, {"name": "ATACADO"}), 409, "label_exists")
    changed = ana.put(path, {"color": "#ffffff"}).json
    assert changed == {**made, "color": "#ffffff"}
    assert ana.get(labels).json == [other, changed]


def test_labels_have_bounds(ana: Caller, labels: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for color in ("red", "#fff", "#gggggg", "d97706"):
        assert_error(ana.post(labels, {"name": "VIP", "color": color}), 422, "validation_error", "color")
    for name in ("", " ", "x" * 51):
        assert_error(ana.post(labels, {"name": name, "color": "#000000"}), 422, "validation_error", "name")

    monkeypatch.setattr("app.services.inbox.labels.MOST_LABELS", 1)
    ana.post(labels, {"name": "VIP", "color": "#000000"})
    assert_error(ana.post(labels, {"name": "Novo", "color": "#000000"}), 409, "too_many_labels")


def test_changes_are_in_the_audit(ana: Caller, labels: str, replies: str) -> None:
    label = (ana.post(labels, {"name": "VIP", "color": "#000000"}).json or {})["_id"]
    ana.put(f"{labels}?label_id={label}", {"name": "Ouro"})
    ana.delete(f"{labels}?label_id={label}")
    reply = (ana.post(replies, {"shortcut": "oi", "text": "Olá!"}).json or {})["_id"]
    ana.put(f"{replies}?reply_id={reply}", {"text": "Oi!"})
    ana.delete(f"{replies}?reply_id={reply}")

    assistant_id = labels.rpartition("/")[2]
    entries = ana.get(f"/audit/list?assistant_id={assistant_id}&limit=6").json or []

    assert [entry["action"] for entry in reversed(entries)] == [
        *("label.add", "label.update", "label.delete"),
        *("canned_reply.add", "canned_reply.update", "canned_reply.delete"),
    ]
    assert (entries[1]["before"]["text"], entries[1]["after"]["text"]) == ("Olá!", "Oi!")

"""Private notes at conversations, and who looks at the same one."""

from typing import Any

import pytest
from bson import ObjectId

from app.domain.assistants import Member
from app.domain.permissions import Role
from tests.api.house import PHONE, Caller, House, assert_error, assert_same_not_found


@pytest.fixture
def conversation(ana: Caller, gateway: Caller) -> str:
    gateway.chat("Oi")
    return ana.ids("/conversations/list")[0]


@pytest.fixture
def rita(house: House, assistant: dict[str, Any]) -> Caller:
    """An operator."""
    person = house.newcomer("Rita")
    assert house.rows.assistants.set_member(assistant["_id"], Member(person.id, Role.OPERATOR), 9)
    return person


def test_a_note_is_told_with_who_wrote_it_and_when(ana: Caller, rita: Caller, conversation: str) -> None:
    path = f"/conversations/notes/{conversation}"
    first = rita.post(path, {"text": "Cliente antigo.\n<b>Cuidado</b>"})
    second = ana.post(path, {"text": "Já paguei."})

    assert first.status_code == 201
    note = first.json or {}
    assert set(note) == {"_id", "conversation_id", "author", "text", "createdAt"}
    assert (note["author"], note["text"]) == ({"id": rita.id, "name": "Rita"}, "Cliente antigo.\n<b>Cuidado</b>")
    assert ana.get(path).json == [second.json, note]
    assert [len(page) for page in ana.pages(f"{path}?limit=1")] == [1, 1]


def test_no_customer_and_no_model_sees_a_note(
    house: House, ana: Caller, gateway: Caller, conversation: str
) -> None:
    ana.post(f"/conversations/notes/{conversation}", {"text": "segredo-da-equipe"})

    answer = gateway.say("Qual é o prazo?")

    assert "segredo-da-equipe" not in str(house.model.questions)
    assert "segredo-da-equipe" not in answer.text
    assert "segredo-da-equipe" not in ana.get(f"/conversations/get/{conversation}").text


def test_its_author_deletes_a_note_and_an_editor(ana: Caller, rita: Caller, conversation: str) -> None:
    path = f"/conversations/notes/{conversation}"
    of_ana, of_rita = ((caller.post(path, {"text": "x"}).json or {})["_id"] for caller in (ana, rita))

    assert_error(rita.delete(f"{path}?note_id={of_ana}"), 403, "not_allowed")
    assert rita.delete(f"{path}?note_id={of_rita}").status_code == 200
    assert_same_not_found([rita.delete(f"{path}?note_id={one}") for one in (of_rita, "x")])
    assert ana.delete(f"{path}?note_id={of_ana}").status_code == 200
    assert ana.get(path).json == []


def test_notes_have_bounds(house: House, ana: Caller, conversation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/conversations/notes/{conversation}"
    for text in ("", "  ", "x" * 4001, "\x00"):
        assert_error(ana.post(path, {"text": text}), 422, "validation_error", "text")

    monkeypatch.setattr("app.services.inbox.notes.MOST_NOTES", 2)
    assert [ana.post(path, {"text": "x" * 4000}).status_code for _ in range(3)] == [201, 201, 409]


def test_notes_go_with_the_conversation_and_are_in_its_export(ana: Caller, conversation: str) -> None:
    ana.post(f"/conversations/notes/{conversation}", {"text": "Liga de manhã."})
    ana.post(f"/conversations/read/{conversation}", {})
    ana.post(f"/conversations/presence/{conversation}", {})

    export = ana.get(f"/conversations/export/{conversation}").json or {}
    receipt = ana.delete(f"/conversations/delete/{conversation}").json or {}

    assert [note["text"] for note in export["notes"]] == ["Liga de manhã."]
    assert {name: receipt["erased"][name] for name in ("notes", "read_marks", "presence")} == {
        "notes": 1,
        "read_marks": 1,
        "presence": 1,
    }


def test_they_go_with_the_assistant(
    house: House, ana: Caller, assistant: dict[str, Any], conversation: str
) -> None:
    ana.post(f"/conversations/notes/{conversation}", {"text": "x"})
    ana.post(f"/conversations/read/{conversation}", {})
    ana.post(f"/assistants/labels/{assistant['_id']}", {"name": "VIP", "color": "#000000"})
    ana.post(f"/assistants/cannedReplies/{assistant['_id']}", {"shortcut": "oi", "text": "x"})

    ana.delete(f"/assistants/delete/{assistant['_id']}")

    names = ("notes", "read_marks", "labels", "canned_replies", "presence")
    found = {name: [str(row["assistant_id"]) for row in house.database[name].find()] for name in names}
    assert not any(assistant["_id"] in ids for ids in found.values())


def test_operators_at_the_same_conversation_see_one_another(
    house: House, ana: Caller, rita: Caller, conversation: str
) -> None:
    path = f"/conversations/presence/{conversation}"
    assert ana.post(path, {"typing": False}).json == []
    (seen,) = rita.post(path, {"typing": True}).json or []
    assert (seen["user_id"], seen["name"], seen["typing"]) == (ana.id, "Ana", False)
    (seen,) = ana.get(path).json or []
    assert (seen["user_id"], seen["typing"]) == (rita.id, True)

    rita.post(path, {"typing": False})
    assert [one["typing"] for one in ana.get(path).json or []] == [False]
    house.clock.advance(seconds=8)
    rita.post(path, {})
    house.clock.advance(seconds=24)
    rita.post(path, {})
    house.clock.advance(seconds=44)
    assert [one["user_id"] for one in ana.get(path).json or []] == [rita.id]
    house.clock.advance(seconds=7)
    assert ana.get(path).json == []

    rita.post(path, {})
    assert rita.post(path, {"gone": True}).json == []
    assert ana.get(path).json == []


def test_saying_it_often_writes_little(house: House, ana: Caller, conversation: str) -> None:
    path = f"/conversations/presence/{conversation}"
    ana.post(path, {})
    mine = {"conversation_id": ObjectId(conversation)}
    (before,) = house.database["presence"].find(mine)
    house.clock.advance(seconds=2)
    ana.post(path, {})

    (after,) = house.database["presence"].find(mine)
    assert after == before


def test_what_belongs_to_others_is_not_there(bruno: Caller, conversation: str) -> None:
    paths = [f"/conversations/{name}/{conversation}" for name in ("notes", "presence")]

    assert_same_not_found([bruno.get(path) for path in paths])


def test_phone_numbers_are_no_ids(ana: Caller, conversation: str) -> None:
    assert_same_not_found([ana.get(f"/conversations/notes/{PHONE}")])

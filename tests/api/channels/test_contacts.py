"""One contact, whatever a provider calls them; answers go to the id that came in."""

from tests.api.channels.conftest import Line, until
from tests.api.channels.test_messages import phone
from tests.fakes.provider import FakeProvider, message


def test_a_number_is_the_same_with_and_without_the_ninth_digit(line: Line, provider: FakeProvider) -> None:
    with_it = phone()[:5] + "88593464"
    without = with_it[:4] + with_it[5:]
    line.post([message(1, "Oi", with_it)])
    until(lambda: provider.texts(with_it))
    line.post([message(2, "Oi?", without)])

    until(lambda: provider.texts(without))
    assert {chat["channel"]["id"] for chat in line.chats()} == {f"+{with_it}"}
    assert (len(provider.texts(with_it)), len(provider.texts(without))) == (1, 1)


def test_two_contacts_that_turn_out_to_be_one_are_merged_on_the_record(line: Line, provider: FakeProvider) -> None:
    number, lid = phone(), phone() + "9"
    line.post([message(1, "Oi", number)])
    until(lambda: provider.texts(number))
    line.post([message(2, "Oi", lid, aliases=[["lid", lid]])])
    until(lambda: provider.texts(lid))
    line.post([message(3, "Sou eu", number, aliases=[["phone", number], ["lid", lid]])])
    until(lambda: len(provider.texts(number)) == 2)

    line.post([message(4, "De novo", lid, aliases=[["lid", lid]])])

    until(lambda: len(provider.texts(lid)) == 2)
    of_number = [chat["message"] for chat in line.chats() if chat["channel"]["id"] == f"+{number}"]
    assert of_number == ["Oi", "Sou eu", "De novo"]
    query = f"?assistant_id={line.shown['assistant_id']}&action=contact.merged"
    (entry,) = line.owner.get(f"/audit/list{query}").json or []
    assert entry["after"]["merged_into"]
    assert number not in str(entry)


def merged(line: Line, provider: FakeProvider, number: str, lid: str) -> None:
    """A contact that first came by its lid and then by its number, and now by both."""
    line.post([message(3, "Sou eu", number, aliases=[["phone", number], ["lid", lid]])])
    until(lambda: any(chat["message"] == "Sou eu" and chat["state"] != "answering" for chat in line.chats()))


def test_no_assistant_talks_over_who_answered_the_other_conversation_of_a_contact(
    line: Line, provider: FakeProvider
) -> None:
    number, lid = phone(), phone() + "9"
    line.post([message(1, "Oi", lid, aliases=[["lid", lid]])])
    until(lambda: provider.texts(lid))
    line.post([message(2, "Oi", number)])
    until(lambda: provider.texts(number))
    line.owner.post(
        "/chats/mensagemHumana", {"id": f"+{number}", "message_service": "Telegram", "message": "Aqui é a Rita."}
    )
    until(lambda: len(provider.texts(number)) == 2)

    merged(line, provider, number, lid)

    (chat,) = [one for one in line.chats() if one["message"] == "Sou eu"]
    assert (chat["channel"]["id"], chat["response"]) == (f"lid:{lid}", "")
    assert line.conversation(f"lid:{lid}")["answering"] == "waiting_for_person"


def test_who_writes_in_a_conversation_that_was_merged_silences_the_other_one(
    line: Line, provider: FakeProvider
) -> None:
    number, lid = phone(), phone() + "9"
    line.post([message(1, "Oi", lid, aliases=[["lid", lid]])])
    until(lambda: provider.texts(lid))
    line.post([message(2, "Oi", number)])
    until(lambda: provider.texts(number))
    merged(line, provider, number, lid)
    until(lambda: len(provider.texts(number)) == 2)

    written = {"id": f"+{number}", "message_service": "Telegram", "message": "Aqui é a Rita."}
    assert line.owner.post("/chats/mensagemHumana", written).status_code == 201
    line.post([message(4, "Quero trocar", number)])
    until(lambda: line.conversation(f"lid:{lid}")["answering"] == "waiting_for_person")

    back = line.owner.put(f"/chats/ativar/lid:{lid}?assistant_id={line.shown['assistant_id']}")
    assert back.status_code == 200
    line.post([message(5, "E o prazo?", number)])
    (answered,) = until(lambda: [one for one in line.chats() if one["message"] == "E o prazo?" and one["response"]])
    assert answered["channel"]["id"] == f"lid:{lid}"


def test_who_is_merged_is_exported_and_deleted_whole(line: Line, provider: FakeProvider) -> None:
    number, lid = phone(), phone() + "9"
    line.post([message(1, "Oi de lid", lid, aliases=[["lid", lid]])])
    until(lambda: provider.texts(lid))
    line.post([message(2, "Oi de fone", number)])
    until(lambda: provider.texts(number))
    merged(line, provider, number, lid)
    kept, left = (line.conversation(one)["_id"] for one in (f"lid:{lid}", f"+{number}"))

    for one in (kept, left):
        exported = line.owner.get(f"/conversations/export/{one}").json or {}
        assert [chat["message"] for chat in exported["chats"]] == ["Sou eu", "Oi de fone", "Oi de lid"]
        assert len(exported["contacts"]) == 2

    receipt = line.owner.delete(f"/conversations/delete/{left}").json or {}
    assert [receipt["erased"][kind] for kind in ("chats", "contacts", "conversations")] == [3, 2, 2]
    assert line.chats() == []

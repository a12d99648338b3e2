"""A message comes by a channel, and its answer goes out by it: once, in order, and never over a person."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId

from app.domain.channels import ErrorAction, ProviderError
from app.domain.errors import ModelFailedError
from app.domain.ids import new_id
from tests.api.channels.conftest import Line, new_channel, until
from tests.api.house import House
from tests.fakes.provider import FakeProvider, message


def phone() -> str:
    """A Brazilian mobile number nobody else has."""
    return f"55139{int(new_id()[-8:], 16) % 100_000_000:08d}"


def echo(number: int, text: str, contact: str) -> dict[str, Any]:
    return {"kind": "echo", "remote_id": f"echo-{contact}-{number}", "contact": contact, "text": text}


def test_a_message_is_answered_by_the_channel(line: Line, provider: FakeProvider) -> None:
    contact = phone()

    assert line.post([message(1, "Qual o prazo?", contact)]).status_code == 200

    until(lambda: provider.texts(contact))
    chat = until(lambda: [one for one in line.chats() if one["delivery"]])[0]
    assert (chat["message"], chat["channel"]["id"]) == ("Qual o prazo?", f"+{contact}")
    assert chat["channel_id"] == line.id
    assert provider.texts(contact) == [chat["response"]]
    until(lambda: line.delivery(0) == "accepted")


def test_what_comes_several_times_is_answered_once(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: line.post([message(1, "Oi", contact)]), range(24)))

    assert {answer.status_code for answer in answers} == {200}
    until(lambda: provider.texts(contact))
    line.post([message(2, "Tchau", contact)])
    until(lambda: len(provider.texts(contact)) == 2)
    assert [chat["message"] for chat in line.chats()] == ["Oi", "Tchau"]


def test_messages_of_one_webhook_are_answered_in_the_order_they_were_written(
    line: Line, provider: FakeProvider
) -> None:
    contact, now = phone(), datetime.now(UTC)
    events = [
        message(number, f"Pergunta {number}", contact, at=(now - timedelta(seconds=60 - number)).isoformat())
        for number in range(6)
    ]

    line.post([*reversed(events), *events])

    until(lambda: len(provider.texts(contact)) == 6)
    assert [chat["message"] for chat in line.chats()] == [f"Pergunta {number}" for number in range(6)]
    assert provider.texts(contact) == [chat["response"] for chat in line.chats()]


def test_a_wrong_signature_is_401_and_nothing_is_kept(line: Line, house: House) -> None:
    answer = line.post([message(1, "Oi")], secret="guessed")

    assert answer.status_code == 401
    assert (answer.json or {})["code"] == "wrong_signature"
    assert "WWW-Authenticate" in answer.headers
    assert house.database["channel_events"].count_documents({"body": {"$exists": True}, "channel_id": line.id}) == 0


def test_a_body_that_is_no_json_is_taken_and_dropped(line: Line) -> None:
    assert line.post(b"{not json").status_code == 200


def test_an_unknown_address_is_404(line: Line) -> None:
    line.shown["webhook_url"] += "x"

    assert line.post([message(1, "Oi")]).status_code == 404


def test_what_a_person_writes_on_the_phone_silences_the_assistant(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    line.post([echo(1, "Já falo com você", contact)])
    line.post([message(1, "Obrigada", contact)])

    left = until(lambda: [one for one in line.chats() if one["message"] == "Obrigada"])[0]

    assert not left["active"]
    written = line.chats()[0]
    assert (written["by_person"], written["response"]) == (True, "Já falo com você")
    assert provider.texts(contact) == []


def test_nothing_is_sent_after_a_person_took_over(line: Line, house: House, provider: FakeProvider) -> None:
    """The answer has several parts, and the person writes between the first and the second."""
    contact = phone()
    house.model.answers.append("a" * 150 + "\n\n" + "b" * 150 + "\n\n" + "c" * 150)

    def take_over(_part: Any) -> None:
        line.post([echo(1, "Eu assumo", contact)])

    provider.faults.append(take_over)
    line.post([message(1, "Conte tudo", contact)])

    until(lambda: [part["state"] for part in line.parts()] == ["accepted", "void", "void"])
    assert provider.texts(contact) == ["a" * 150]


@pytest.mark.parametrize("asked", [{}, {"text": "", "type": "location"}])
def test_what_waited_when_a_person_wrote_is_void_and_says_so(
    line: Line, provider: FakeProvider, asked: dict[str, str]
) -> None:
    """An answer, and the sentence that a person will see what cannot be read."""
    contact = phone()
    provider.faults.append(ProviderError(ErrorAction.PAUSE, "190", "The token is not valid any more."))
    line.post([{**message(1, "Oi", contact), **asked}])
    until(lambda: line.problem() and line.delivery(0) == "queued")

    line.post([echo(1, "Eu assumo", contact)])

    until(lambda: line.delivery(0) == "void")
    assert [part["state"] for part in line.parts()] == ["void"]
    assert provider.texts(contact) == []


def test_our_own_messages_come_back_as_echoes_and_take_nothing_over(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    line.post([message(1, "Oi", contact)])
    until(lambda: line.parts("&state=accepted"))
    line.post([{**echo(1, "x", contact), "remote_id": provider.remote_id_to(contact)}])
    line.post([message(2, "E aí?", contact)])

    until(lambda: len(provider.texts(contact)) == 2)
    assert all(chat["active"] for chat in line.chats())


def test_what_the_phone_sends_by_itself_takes_nothing_over(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    line.owner.put(f"/channels/update/{line.id}", {"automatic_messages": "Bem-vindo!\nEstamos fechados."})
    line.post([echo(1, "Estamos fechados.", contact), message(1, "Oi", contact)])

    until(lambda: provider.texts(contact))


def test_a_greeting_of_the_phone_is_known_when_it_comes_at_once_the_third_time(
    line: Line, provider: FakeProvider
) -> None:
    """The first two silence the assistant, and its owner is told what may be done about that."""
    greeting, now = "Olá!\n\nJá vamos te atender.", datetime.now(UTC)
    contacts = [phone() for _ in range(4)]
    for number, contact in enumerate(contacts[:3]):
        asked = message(number, "Oi", contact, at=(now - timedelta(seconds=3)).isoformat())
        line.post([asked, {**echo(number, greeting, contact), "at": now.isoformat()}])
    # So late a person may have written the same.
    late = message(9, "Oi", contacts[3], at=(now - timedelta(seconds=60)).isoformat())
    line.post([late, {**echo(9, greeting, contacts[3]), "at": now.isoformat()}])

    until(lambda: provider.texts(contacts[2]))
    (warning,) = until(lambda: (line.owner.get(f"/channels/get/{line.id}").json or {})["warnings"])
    assert greeting in warning["cause"]
    assert [one for one in contacts if provider.texts(one)] == [contacts[2]]

    line.owner.put(f"/channels/update/{line.id}", {"automatic_messages": greeting})
    assert (line.owner.get(f"/channels/get/{line.id}").json or {})["warnings"] == []


def test_while_the_model_thinks_the_customer_sees_that_somebody_writes(
    line: Line, house: House, provider: FakeProvider
) -> None:
    quick, slow = phone(), phone()
    line.post([message(1, "Oi", quick)])
    until(lambda: provider.texts(quick))
    house.model.answers.append(lambda: until(lambda: provider.typed) and "Pensei.")
    line.post([message(2, "Oi", slow)])

    until(lambda: provider.texts(slow))
    assert provider.typed == [(slow, "wamid-2")]


def test_what_the_provider_refuses_for_now_is_sent_later(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    provider.faults += [ProviderError(ErrorAction.RETRY, "131016", "Busy.")] * 2
    line.post([message(1, "Oi", contact)])

    until(lambda: provider.texts(contact))
    assert until(lambda: line.parts("&state=accepted"))[0]["attempts"] == 3


def test_an_answer_waits_behind_the_one_before_it(line: Line, provider: FakeProvider) -> None:
    contact, other = phone(), phone()
    provider.faults.append(ProviderError(ErrorAction.RETRY, "131016", "Busy.", retry_after=4))
    line.post([message(1, "Oi", contact)])
    until(lambda: line.parts("&state=queued"))
    line.post([message(2, "Oi", other)])
    until(lambda: provider.texts(other))  # the channel goes well again

    line.post([message(3, "Alô?", contact)])

    until(lambda: len(provider.texts(contact)) == 2)
    first, _, second = line.chats()
    assert provider.texts(contact) == [first["response"], second["response"]]


def test_what_the_provider_never_takes_has_failed_and_can_be_sent_again(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    provider.faults.append(ProviderError(ErrorAction.FAIL, "131026", "Undeliverable."))
    line.post([message(1, "Oi", contact)])

    part = until(lambda: line.parts("&state=failed"))[0]
    assert (part["error_code"], part["error"]) == ("131026", "Undeliverable.")
    assert until(lambda: line.delivery(0) == "failed")
    of_chat = f"&chat_id={line.chats()[0]['_id']}"
    assert line.parts(of_chat) == line.parts(f"{of_chat}&state=failed") == [part]
    for nothing in (f"{of_chat}&state=accepted", f"&chat_id={line.id}", "&chat_id=x"):
        assert line.parts(nothing) == []

    assert line.owner.post(f"/outbox/resend/{part['_id']}").status_code == 202
    until(lambda: provider.texts(contact))
    again = line.owner.post(f"/outbox/resend/{part['_id']}")
    assert (again.status_code, (again.json or {})["code"]) == (409, "not_resendable")


def test_what_comes_after_a_part_that_failed_is_not_sent_without_it(
    line: Line, house: House, provider: FakeProvider
) -> None:
    contact = phone()
    house.model.answers.append("\n\n".join(letter * 150 for letter in "abc"))
    refused = ProviderError(ErrorAction.FAIL, "131026", "Undeliverable.")
    provider.faults += [None, refused]
    line.post([message(1, "Oi", contact)])

    until(lambda: len(line.parts("&state=failed")) == 2)
    second, third = line.parts("&state=failed")
    assert (second["error_code"], third["error_code"]) == ("131026", "part_before_failed")
    assert provider.texts(contact) == ["a" * 150]
    too_soon = line.owner.post(f"/outbox/resend/{third['_id']}")
    assert (too_soon.status_code, (too_soon.json or {})["code"]) == (409, "part_before_failed")

    assert line.owner.post(f"/outbox/resend/{second['_id']}").status_code == 202

    until(lambda: provider.texts(contact) == ["a" * 150, "b" * 150, "c" * 150])


def test_a_revoked_token_pauses_the_channel_until_it_is_replaced(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    provider.faults.append(ProviderError(ErrorAction.PAUSE, "190", "The token is not valid any more."))
    line.post([message(1, "Oi", contact)])

    shown = until(
        lambda: (found := line.owner.get(f"/channels/get/{line.id}").json or {})["state"] == "paused" and found
    )
    assert shown["problem"] == "The token is not valid any more."
    assert provider.texts(contact) == []


def test_what_waited_for_more_than_a_day_is_not_sent_by_itself(
    line: Line, house: House, provider: FakeProvider
) -> None:
    contact, long_ago = phone(), house.clock() - timedelta(hours=25)
    provider.faults.append(ProviderError(ErrorAction.PAUSE, "190", "The token is not valid any more."))
    line.post([message(1, "Oi", contact)])
    until(lambda: line.problem() and line.delivery(0) == "queued")
    changed = {"createdAt": long_ago, "next_at": house.clock()}
    part = line.parts()[0]
    house.database["outbox"].update_one({"_id": ObjectId(part["_id"])}, {"$set": changed})

    line.owner.put(f"/channels/update/{line.id}", {"name": "Loja"})

    until(lambda: line.delivery(0) == "failed")
    assert line.parts()[0]["error_code"] == "too_old"
    assert line.owner.post(f"/outbox/resend/{part['_id']}").status_code == 202
    until(lambda: provider.texts(contact))


def test_what_may_have_been_sent_waits_for_a_status(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    provider.faults.append(ProviderError(ErrorAction.LOOK, "no_answer", "Timed out."))
    line.post([message(1, "Oi", contact)])
    part = until(lambda: line.parts("&state=unknown"))[0]

    line.post([{"kind": "status", "remote_id": "wamid-out", "part_id": part["_id"], "status": "delivered"}])

    until(lambda: line.parts("&state=delivered"))
    assert provider.sent == []
    until(lambda: line.delivery(0) == "delivered")


def test_statuses_come_in_any_order_and_only_move_forward(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    line.post([message(1, "Oi", contact)])
    part = until(lambda: line.parts("&state=accepted"))[0]
    remote = provider.remote_id_to(contact)

    for status in ("read", "delivered", "accepted"):
        line.post([{"kind": "status", "remote_id": remote, "status": status}])

    until(lambda: [one["state"] for one in line.parts() if one["_id"] == part["_id"]] == ["read"])


def test_what_is_too_old_when_it_is_worked_on_goes_to_a_person(line: Line, provider: FakeProvider) -> None:
    contact, before = phone(), datetime.now(UTC) - timedelta(minutes=31)
    line.post([message(1, "Estão abertos?", contact, at=before.isoformat())])

    chat = until(line.chats)[0]
    until(lambda: not line.chats()[0]["active"])
    assert chat["message"] == "Estão abertos?"
    assert provider.texts(contact) == []
    assert "30 minutos" in line.conversation()["handover_reason"]


def test_an_edit_before_the_answer_changes_what_is_asked(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    edit = {"kind": "edit", "remote_id": "e-1", "contact": contact, "target_id": "wamid-1", "text": "Oi, tudo bem?"}
    line.post([message(1, "Oi, tudo bam?", contact), edit])

    until(lambda: provider.texts(contact))
    assert [chat["message"] for chat in line.chats()] == ["Oi, tudo bem?"]


def test_reactions_and_what_nobody_knows_trigger_no_answer(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    line.post([{"kind": "reaction", "remote_id": "r-1", "contact": contact, "target_id": "gone", "text": "👍"}])
    line.post([message(1, "Oi", contact)])

    until(lambda: provider.texts(contact))
    assert len(line.chats()) == 1


def test_a_deleted_channel_sends_nothing_more(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    provider.faults.append(ProviderError(ErrorAction.RETRY, "131016", "Busy."))
    line.post([message(1, "Oi", contact)])
    until(lambda: line.parts("&state=queued"))

    assert line.owner.delete(f"/channels/delete/{line.id}").status_code == 200

    assert line.post([message(2, "Oi?", contact)]).status_code == 404
    until(lambda: line.delivery(0) == "failed")
    assert provider.texts(contact) == []


def test_what_customers_wrote_before_a_channel_was_deleted_goes_to_a_person(
    line: Line, house: House, provider: FakeProvider
) -> None:
    contact, other, assistant_id = phone(), phone(), line.shown["assistant_id"]
    provider.media_faults.append(ProviderError(ErrorAction.RETRY, "131016", "Busy."))
    line.post([message(1, "", contact, type="image", media=[["image", "photo"]]), message(2, "Gostou?", contact)])
    until(lambda: provider.fetched)

    assert line.owner.delete(f"/channels/delete/{line.id}").status_code == 200
    house.database["channel_events"].insert_one(stored_webhook(line, [message(3, "Alô?", other)]))

    until(lambda: len(line.chats()) == 3 and not any(chat["active"] for chat in line.chats()))
    conversations = line.owner.get(f"/conversations/list?assistant_id={assistant_id}").json or []
    assert {one["handover_reason"] for one in conversations} == {
        "O canal pelo qual o cliente escreveu foi excluído: ele não recebe resposta por aqui."
    }
    assert sorted(chat["message"] for chat in line.chats()) == ["Alô?", "Gostou?", "[imagem]"]
    (media,) = next(chat["media"] for chat in line.chats() if chat["media"])
    assert (media["url"], media["error"]) == (None, "The channel was deleted before its file was fetched.")
    assert provider.texts(contact) == provider.texts(other) == []


def stored_webhook(line: Line, events: list[dict[str, Any]]) -> dict[str, Any]:
    """What a process stored that died before it dealt with it."""
    ids = {"channel_id": ObjectId(line.id), "assistant_id": ObjectId(line.shown["assistant_id"])}
    body, before = json.dumps(events).encode(), datetime.now(UTC) - timedelta(minutes=1)
    return {**ids, "body": body, "received_at": before, "next_at": before, "attempts": 0}


def test_what_a_person_writes_goes_by_the_channel_that_has_the_number_now(
    line: Line, provider: FakeProvider
) -> None:
    contact, instance = phone(), phone()
    assistant_id = line.shown["assistant_id"]
    first = Line(line.owner, new_channel(line.owner, assistant_id, instance=instance))
    first.post([message(1, "Oi", contact)])
    until(lambda: provider.texts(contact))
    line.owner.delete(f"/channels/delete/{first.id}")
    again = Line(line.owner, new_channel(line.owner, assistant_id, instance=instance))

    line.owner.post(
        "/chats/mensagemHumana", {"id": f"+{contact}", "message_service": "Telegram", "message": "Aqui é a Ana."}
    )

    until(lambda: provider.texts(contact)[-1] == "Aqui é a Ana.")
    until(lambda: [part["state"] for part in again.parts()] == ["accepted"])


def test_what_is_held_or_written_for_a_channel_that_is_deleted_fails(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    provider.faults.append(ProviderError(ErrorAction.HOLD, "131047", "Too late."))
    line.post([message(1, "Oi", contact)])
    until(lambda: line.delivery(0) == "held")

    line.owner.delete(f"/channels/delete/{line.id}")

    until(lambda: line.delivery(0) == "failed")
    assert line.chats()[0]["delivery"]["error"] == "The channel is deleted; this was not sent."
    body = {"id": f"+{contact}", "message_service": "Telegram", "message": "Aqui é a Ana."}
    assert line.owner.post("/chats/mensagemHumana", body).status_code == 201
    until(lambda: line.delivery(1) == "failed")
    assert provider.texts(contact) == []


def test_an_echo_of_what_was_given_up_says_that_it_arrived(
    line: Line, house: House, provider: FakeProvider
) -> None:
    contact = phone()
    line.post([message(1, "Oi", contact)])
    part = until(lambda: line.parts("&state=accepted"))[0]
    lost = {"$set": {"state": "failed", "error_code": "unknown", "remote_id": None}}
    house.database["outbox"].update_one({"_id": ObjectId(part["_id"])}, lost)

    line.post([echo(1, part["text"], contact)])

    assert [one["state"] for one in line.parts()] == ["accepted"]
    assert line.chats()[0]["active"]
    assert len(line.chats()) == 1


def test_what_a_person_writes_on_the_dashboard_goes_out_by_the_channel(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    line.post([message(1, "Oi", contact)])
    until(lambda: provider.texts(contact))
    body = {"id": f"+{contact}", "message_service": "Telegram", "message": "Aqui é a Ana."}

    written = line.owner.post("/chats/mensagemHumana", body)

    assert written.status_code == 201, written.text
    until(lambda: provider.texts(contact)[-1] == "Aqui é a Ana.")
    until(lambda: line.delivery(-1) == "accepted")


def test_what_cannot_be_read_goes_to_a_person_and_the_customer_is_told_once(
    line: Line, provider: FakeProvider
) -> None:
    contact = phone()
    line.post([message(1, "", contact, type="location")])
    until(lambda: provider.texts(contact))
    line.post([message(2, "", contact, type="sticker"), message(3, "Oi?", contact)])

    until(lambda: len(line.chats()) == 3)
    assert [chat["message"] for chat in line.chats()] == ["[localização]", "[figurinha]", "Oi?"]
    assert len(provider.texts(contact)) == 1
    assert "pessoa da nossa equipe" in provider.texts(contact)[0]
    assert not any(chat["active"] for chat in line.chats())


def test_what_is_written_in_one_go_gets_one_answer(line: Line, house: House, provider: FakeProvider) -> None:
    contact = phone()
    path = f"/assistants/update/{line.shown['assistant_id']}"
    assert line.owner.put(path, {"burst_quiet_seconds": 1.5}).status_code == 200
    asked = len(house.model.questions)

    line.post([message(1, "Oi", contact), message(2, "Tudo bem?", contact)])
    line.post([message(3, "Qual o prazo?", contact)])

    until(lambda: provider.texts(contact))
    assert [question.message for question in house.model.questions[asked:]] == ["Oi\nTudo bem?\nQual o prazo?"]
    assert [bool(chat["merged_into"]) for chat in line.chats()] == [True, True, False]
    assert len(provider.texts(contact)) == 1


def test_what_fails_again_and_again_goes_to_a_person(line: Line, house: House, provider: FakeProvider) -> None:
    contact = phone()
    house.model.answers += [ModelFailedError("No."), "Nobody asks for this."]

    line.post([message(1, "Oi", contact)])
    failed = {"channel_id": ObjectId(line.id), "attempts": 1}
    until(lambda: house.database["inbox"].update_one(failed, {"$set": {"attempts": 4}}).matched_count)
    (chat,) = until(lambda: [one for one in line.chats() if not one["active"]])

    assert (chat["message"], chat["response"]) == ("Oi", "")
    assert "várias vezes" in line.conversation()["handover_reason"]
    assert list(house.model.answers) == ["Nobody asks for this."]
    house.model.answers.clear()

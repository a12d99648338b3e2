"""WhatsApp's 24 hours since a customer's last message: what is written later is held until they write again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.channels import ErrorAction, ProviderError
from tests.api.channels.conftest import Line, until
from tests.api.channels.test_messages import phone
from tests.api.house import assert_error
from tests.fakes.provider import FakeProvider, message

DAY = timedelta(hours=24)


def conversation(line: Line) -> dict[str, Any]:
    (found,) = line.owner.get(f"/conversations/list?assistant_id={line.shown['assistant_id']}").json or []
    return dict(found)


def test_what_a_person_writes_too_late_is_held_until_the_customer_writes_again(
    line: Line, provider: FakeProvider
) -> None:
    contact, long_ago = phone(), datetime.now(UTC).replace(microsecond=0) - timedelta(hours=25)
    provider.window_hours = 24
    line.post([message(1, "Vocês abrem amanhã?", contact, at=long_ago.isoformat())])
    until(lambda: not (line.chats() or [{"active": True}])[0]["active"])

    body = {"id": f"+{contact}", "message_service": "Telegram", "message": "Abrimos às 9 h."}
    assert line.owner.post("/chats/mensagemHumana", body).status_code == 201
    (part,) = until(lambda: line.parts("&state=held"))

    assert part["error_code"] == "window_closed"
    assert "as soon as they write again" in part["error"]
    until(lambda: line.delivery(-1) == "held")
    shown = conversation(line)
    assert (shown["channel_id"], datetime.fromisoformat(shown["window_closes_at"])) == (line.id, long_ago + DAY)
    assert datetime.fromisoformat(line.chats()[0]["window_closes_at"]) == long_ago + DAY
    assert_error(line.owner.post(f"/outbox/resend/{part['_id']}"), 409, "window_closed")
    assert provider.sent == []

    line.post([message(2, "Oi?", contact)])

    until(lambda: provider.texts(contact) == ["Abrimos às 9 h."])
    until(lambda: line.delivery(1) == "accepted")
    assert datetime.fromisoformat(conversation(line)["window_closes_at"]) > datetime.now(UTC)


def test_what_the_provider_holds_goes_out_before_the_next_answer(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    provider.window_hours = 24
    provider.faults.append(ProviderError(ErrorAction.HOLD, "131047", "More than 24 hours have passed."))
    line.post([message(1, "Oi", contact)])
    until(lambda: line.delivery(0) == "held")

    line.post([message(2, "Alô?", contact)])

    until(lambda: len(provider.texts(contact)) == 2)
    assert provider.texts(contact) == [chat["response"] for chat in line.chats()]


def test_what_was_taken_and_failed_for_the_window_is_held(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    line.post([message(1, "Oi", contact)])
    part = until(lambda: line.parts("&state=accepted"))[0]
    failed = {"kind": "status", "remote_id": provider.remote_id_to(contact), "part_id": part["_id"]}
    held = {**failed, "status": "failed", "error": ["hold", "131047"]}

    for _ in range(2):
        line.post([held])

    until(lambda: line.delivery(0) == "held")


def test_what_was_taken_and_failed_for_want_of_payment_pauses_the_channel_and_waits(
    line: Line, provider: FakeProvider
) -> None:
    contact = phone()
    line.post([message(1, "Oi", contact)])
    part = until(lambda: line.parts("&state=accepted"))[0]
    failed = {"kind": "status", "remote_id": provider.remote_id_to(contact), "part_id": part["_id"]}

    for _ in range(2):
        line.post([{**failed, "status": "failed", "error": ["pause", "131042"]}])

    until(line.problem)
    until(lambda: [one["state"] for one in line.parts()] == ["queued"])


def test_without_a_window_there_is_none(line: Line, provider: FakeProvider) -> None:
    contact = phone()
    line.post([message(1, "Oi", contact)])
    until(lambda: provider.texts(contact))

    assert (conversation(line)["channel_id"], conversation(line)["window_closes_at"]) == (line.id, None)

"""Approved templates, which operators send when WhatsApp takes nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.channels import ErrorAction, ProviderError
from tests.api.channels.conftest import Line, until
from tests.api.channels.test_messages import phone
from tests.api.house import BAD_IDS, Caller, assert_error, assert_same_not_found
from tests.fakes.provider import FakeProvider, message

WANTED: dict[str, Any] = {"name": "lembrete", "language": "pt_BR", "values": ["Maria"]}


@pytest.fixture
def late(line: Line, provider: FakeProvider) -> tuple[str, str]:
    """A contact whose window is closed, and the path to send them a template."""
    contact, provider.window_hours = phone(), 24
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    line.post([message(1, "Oi", contact, at=long_ago.isoformat())])
    until(line.chats)
    (conversation,) = line.owner.get(f"/conversations/list?assistant_id={line.shown['assistant_id']}").json or []
    return contact, f"/conversations/sendTemplate/{conversation['_id']}"


def test_a_template_goes_out_though_the_window_is_closed(
    line: Line, late: tuple[str, str], provider: FakeProvider
) -> None:
    contact, path = late
    assert line.owner.get(f"/channels/templates/{line.id}").json == [
        {"name": "lembrete", "language": "pt_BR", "category": "UTILITY", "body": "Olá {{1}}!", "variables": 1}
    ]

    first = line.owner.post(path, {**WANTED, "message_id": "t-1"})
    again = line.owner.post(path, {**WANTED, "message_id": "t-1"})

    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert ((first.json or {})["response"], (first.json or {})["by_person"]) == ("Olá Maria!", True)
    assert (again.json or {})["_id"] == (first.json or {})["_id"]
    until(lambda: line.delivery(-1) == "accepted")
    assert [(part.text, part.template and part.template.values) for part in provider.sent] == [
        ("Olá Maria!", ("Maria",))
    ]
    assert provider.sent[0].recipient == contact


@pytest.mark.parametrize(
    ("action", "status", "code"),
    [(ErrorAction.PAUSE, 409, "provider_refused"), (ErrorAction.RETRY, 503, "provider_unavailable")],
)
def test_who_refuses_is_told_from_who_does_not_answer(
    line: Line, provider: FakeProvider, action: ErrorAction, status: int, code: str
) -> None:
    provider.refuses = ProviderError(action, "190", "The provider says no.", retry_after=12)

    answer = line.owner.get(f"/channels/templates/{line.id}")

    provider.refuses = None
    assert_error(answer, status, code)
    assert answer.headers.get("Retry-After") == ("12" if status == 503 else None)


def test_what_is_not_approved_or_incomplete_is_refused(line: Line, late: tuple[str, str]) -> None:
    _, path = late
    for wrong, name in (({"name": "promo"}, "name"), ({"language": "en"}, "name"), ({"values": []}, "values")):
        assert_error(line.owner.post(path, {**WANTED, **wrong}), 422, "validation_error", name)
    for value in ("Maria\nSilva", "Maria\tSilva", "Maria     Silva"):
        assert_error(line.owner.post(path, {**WANTED, "values": [value]}), 422, "validation_error", "values.0")


def test_who_wrote_by_no_channel_gets_none(ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    (conversation,) = ana.get("/conversations/list").json or []

    assert_error(ana.post(f"/conversations/sendTemplate/{conversation['_id']}", WANTED), 409, "no_channel")
    assert_same_not_found([ana.post(f"/conversations/sendTemplate/{one}", WANTED) for one in BAD_IDS])

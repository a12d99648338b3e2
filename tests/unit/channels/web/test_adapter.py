"""The widget as a channel."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.channels.web.adapter import WebWidget
from app.channels.web.posts import WidgetPosts
from app.domain.channels import (
    Alias,
    AliasKind,
    AssistantChannel,
    ChannelKind,
    DeliveryState,
    ErrorAction,
    EventKind,
    OutgoingPart,
    ProviderError,
    WrongSignatureError,
)
from app.services.ports.channels import ChannelAdapter, SentLookup, Typing

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
CHANNEL = AssistantChannel("1", "2", "3", ChannelKind.WEB, "Site", "key", NOW, secrets={"webhook_secret": "s" * 43})


class Mailbox:
    """Keeps what is put in, unless the session has ended."""

    def __init__(self, *, ended: bool = False) -> None:
        self.kept: list[tuple[str, str, str, datetime]] = []
        self.shown: tuple[str, datetime] | None = None
        self._ended = ended

    def show_typing(self, session_id: str, until: datetime) -> None:
        self.shown = (session_id, until)

    def answered(self, session_id: str, part_id: str, text: str, at: datetime) -> bool:
        self.kept.append((session_id, part_id, text, at))
        return not self._ended


def adapter(mailbox: Mailbox | None = None) -> ChannelAdapter:
    return WebWidget(mailbox or Mailbox(), lambda: NOW)


def test_a_message_comes_out_as_it_went_in() -> None:
    post = WidgetPosts().message(CHANNEL, "session", "m-1", "Olá <b>", NOW)

    assert adapter().verify(CHANNEL, post) == ""
    (event,) = adapter().parse(CHANNEL, adapter().redacted(post.body))
    assert (event.kind, event.remote_id, event.contact) == (EventKind.MESSAGE, "session:m-1", "session")
    assert event.aliases == (Alias(AliasKind.SESSION, "session"),)
    assert (event.text, event.at, event.type) == ("Olá <b>", NOW, "text")


def test_statuses_are_of_parts() -> None:
    post = WidgetPosts().seen(CHANNEL, [("part-1", DeliveryState.READ), ("part-2", DeliveryState.DELIVERED)])

    events = adapter().parse(CHANNEL, post.body)

    assert [(one.kind, one.part_id, one.status) for one in events] == [
        (EventKind.STATUS, "part-1", DeliveryState.READ),
        (EventKind.STATUS, "part-2", DeliveryState.DELIVERED),
    ]
    assert len({one.remote_id for one in events}) == 2


def test_nobody_else_can_post() -> None:
    post = WidgetPosts().message(CHANNEL, "session", "m-1", "Oi", NOW)
    unreadable = replace(CHANNEL, secrets={})

    for channel, request in (
        (CHANNEL, replace(post, headers={})),
        (CHANNEL, replace(post, headers={"x-widget-signature": "é"})),
        (CHANNEL, replace(post, body=post.body + b" ")),
        (CHANNEL, WidgetPosts().message(unreadable, "session", "m-1", "Oi", NOW)),
        (unreadable, WidgetPosts().message(unreadable, "session", "m-1", "Oi", NOW)),
    ):
        with pytest.raises(WrongSignatureError):
            adapter().verify(channel, request)


def test_what_is_sent_lies_ready_for_the_page() -> None:
    mailbox = Mailbox()

    assert adapter(mailbox).send(CHANNEL, OutgoingPart("part-1", "session", "Dois dias.")) == "part-1"
    assert mailbox.kept == [("session", "part-1", "Dois dias.", NOW)]


def test_a_sign_stays_as_long_as_it_is_said_to() -> None:
    mailbox = Mailbox()
    widget = WebWidget(mailbox, lambda: NOW)
    typing: Typing = widget

    typing.typing(CHANNEL, "session", "session:m-1")

    assert mailbox.shown == ("session", NOW + timedelta(seconds=typing.typing_seconds))


def test_nothing_can_be_sent_to_a_session_that_has_ended() -> None:
    with pytest.raises(ProviderError) as caught:
        adapter(Mailbox(ended=True)).send(CHANNEL, OutgoingPart("part-1", "session", "Dois dias."))

    assert (caught.value.action, caught.value.code) == (ErrorAction.FAIL, "session_ended")


def test_health_is_what_was_seen() -> None:
    checks = {one.name: one for one in adapter().health(CHANNEL)}
    assert {name: one.ok for name, one in checks.items()} == {"origins": False, "page": False}
    assert all(one.cause and one.remedy for one in checks.values())

    used = replace(CHANNEL, options={"origins": "https://loja.example"}, page_at=NOW)
    assert [one.ok for one in adapter().health(used)] == [True, True]


def test_what_was_being_sent_when_the_service_died_is_sent_again() -> None:
    """A session takes each part once."""
    widget: SentLookup = WebWidget(Mailbox())

    assert widget.was_sent(CHANNEL, OutgoingPart("p", "s", "Oi"), NOW, ()) is None

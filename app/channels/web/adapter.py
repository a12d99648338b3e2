"""The widget on a web site: what is sent is kept where the visitor's page fetches it."""

import json
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from app.channels.web.posts import events_of, is_signed
from app.domain.channels import (
    AssistantChannel,
    ChannelCheck,
    ChannelEvent,
    ErrorAction,
    MediaReference,
    OutgoingPart,
    ProviderError,
    WebhookRequest,
    WrongSignatureError,
)
from app.domain.web_origins import origins_in

_LONGEST_TEXT = 4096


class VisitorMailbox(Protocol):
    """Where visitors' pages look for answers."""

    def answered(self, session_id: str, part_id: str, text: str, at: datetime) -> bool:
        """Add an answer, once; False if there is no such session any more."""
        ...

    def show_typing(self, session_id: str, until: datetime) -> None:
        """Show until then, or until there is an answer, that one is being written."""
        ...


class WebWidget:
    """A widget as a channel. A contact is a visitor's session.

    A part is accepted once the page can fetch it, delivered once the page says that it has it, and read once it was
    shown in the open window.
    """

    longest_text = _LONGEST_TEXT
    window_hours: float | None = None
    typing_seconds = 10.0

    def __init__(self, mailbox: VisitorMailbox, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._mailbox = mailbox
        self._clock = clock

    def verify(self, channel: AssistantChannel, request: WebhookRequest) -> str:
        """Nothing; raises `WrongSignatureError` for what does not come from the widget's own routes."""
        if not is_signed(channel, request):
            raise WrongSignatureError
        return ""

    def redacted(self, body: bytes) -> bytes:
        """The body as it came: no token of a session is in it."""
        json.loads(body)
        return body

    def parse(self, channel: AssistantChannel, body: bytes) -> Sequence[ChannelEvent]:
        """A visitor's message, or what became of answers."""
        return events_of(body)

    def send(self, channel: AssistantChannel, part: OutgoingPart) -> str:
        """Let the visitor's page have a part; raises `ProviderError` if the session has ended."""
        if not self._mailbox.answered(part.recipient, part.id, part.text, self._clock()):
            sentence = "The visitor's session has ended, so that no page asks for the answer any more."
            raise ProviderError(ErrorAction.FAIL, "session_ended", sentence)
        return part.id

    def was_sent(
        self, channel: AssistantChannel, part: OutgoingPart, since: datetime, known: Container[str]
    ) -> str | None:
        """None: whatever the page has, sending a part again adds nothing to it."""
        return None

    def typing(self, channel: AssistantChannel, contact: str, remote_id: str) -> None:
        """Let the visitor's page show that an answer is being written."""
        self._mailbox.show_typing(contact, self._clock() + timedelta(seconds=self.typing_seconds))

    def fetch_media(self, channel: AssistantChannel, media: MediaReference) -> Iterator[bytes]:
        """Raises `ProviderError`: the widget takes texts only."""
        raise ProviderError(ErrorAction.FAIL, "no_file", "The widget has no files.")

    def health(self, channel: AssistantChannel) -> Sequence[ChannelCheck]:
        """Whether pages may use it, and whether one has."""
        has_origins = bool(origins_in(channel.options.get("origins", "")))
        return [
            ChannelCheck("origins", ok=True)
            if has_origins
            else ChannelCheck(
                "origins",
                ok=False,
                cause="No origin is listed, so that no page may use the widget.",
                remedy="List the origins of your site in `origins`, with and without www if both are used.",
            ),
            ChannelCheck("page", ok=True)
            if channel.page_at
            else ChannelCheck(
                "page",
                ok=False,
                cause="No page of a listed origin has loaded the widget yet.",
                remedy="Paste the channel's `script` into your site, and open a page of it. If nothing shows, the "
                "browser's console tells why: an origin that is not listed, or the page's Content-Security-Policy.",
            ),
        ]

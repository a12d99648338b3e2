"""Visitors of a web site who write to an assistant by the widget."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

SESSION_LASTS = timedelta(days=7)
"""How long after its last message a visitor's session can still be used."""
UNUSED_SESSION_LASTS = timedelta(hours=1)
"""How long it can be used before its first message, so that those who only open some leave nothing for long."""
MOST_MESSAGES = 100
"""How many of its latest messages a session keeps for the visitor's page."""


@dataclass(frozen=True, slots=True)
class VisitorSession:
    """One visitor's conversation at one channel.

    Its messages are numbered from 1; `last` is the number of the latest one, 0 if there is none. The page told that
    it has all up to `delivered`, and that all up to `read` were shown. `typing_until`: so long the page
    shows that an answer is being written.
    """

    id: str
    channel_id: str
    assistant_id: str
    conversation_id: str
    expires_at: datetime
    last: int = 0
    delivered: int = 0
    read: int = 0
    typing_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitorMessage:
    """What the visitor wrote, or was answered; `id` is the page's id of it, or the outbox' id of the part."""

    number: int
    id: str
    by_visitor: bool
    text: str
    at: datetime


def script_tag(base: str, public_key: str) -> str:
    """What is pasted into a site, for the service at `base`."""
    return f'<script src="{escape(base)}/widget.js" data-channel="{escape(public_key)}" async></script>'

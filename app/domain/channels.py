"""Channels: what brings customers' messages to an assistant from a provider, and takes its answers back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.message_templates import ChosenTemplate


class ChannelKind(StrEnum):
    """The providers there are."""

    WHATSAPP_CLOUD = "whatsapp_cloud"
    EVOLUTION = "evolution"
    TELEGRAM = "telegram"
    WEB = "web"


MESSAGE_SERVICES = {
    ChannelKind.WHATSAPP_CLOUD: "Whatsapp",
    ChannelKind.EVOLUTION: "Whatsapp",
    ChannelKind.TELEGRAM: "Telegram",
    ChannelKind.WEB: "Web",
}
"""What a gateway would call the message service, by kind."""


@dataclass(frozen=True, slots=True)
class AssistantChannel:
    """A channel as its adapter uses it.

    `webhook_id` is the unguessable last part of the URL that the provider posts to. `options` are what the owner
    set and may read again, `secrets` what nobody may. `paused`: why nothing is sent until its owner has seen to it.
    `proof_at`: when a message, a status or a check last showed that it works. `lost_at`: since when the
    provider says that its own connection, such as to a phone, is gone. `doubtful_texts`: what the phone sent
    so soon after a customer's message that it may have done so by itself. `page_at`: when a site's page last loaded
    the widget. `deleted_at`: since when it is there for what came or waited before only; it has no secrets then.
    """

    id: str
    assistant_id: str
    owner_id: str
    kind: ChannelKind
    name: str
    webhook_id: str
    created_at: datetime
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    paused: str | None = None
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    proof_at: datetime | None = None
    seen_until: datetime | None = None
    lost_at: datetime | None = None
    doubtful_texts: tuple[str, ...] = ()
    page_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def is_lost(self) -> bool:
        """Whether the provider lost the connection, and nothing has come since."""
        return self.lost_at is not None and (self.proof_at is None or self.proof_at < self.lost_at)


class ChannelState(StrEnum):
    """Whether a channel works.

    `CONNECTED`: a message, a status or a check of the last day shows it. `WAITING`: nothing ever has. `SILENT`:
    nothing has for a day. `DISCONNECTED`: the provider says that it lost the phone, say. `PAUSED`: nothing is sent
    until its owner has seen to what is wrong.
    """

    CONNECTED = "connected"
    WAITING = "waiting"
    SILENT = "silent"
    DISCONNECTED = "disconnected"
    PAUSED = "paused"


_PROOF_HOLDS = timedelta(days=1)


def state_of(channel: AssistantChannel, now: datetime) -> ChannelState:
    """Whether it works, as far as has been seen; a provider's own word for it counts for nothing."""
    if channel.paused:
        return ChannelState.PAUSED
    if channel.is_lost:
        return ChannelState.DISCONNECTED
    if channel.proof_at is None:
        return ChannelState.WAITING
    return ChannelState.CONNECTED if now - channel.proof_at < _PROOF_HOLDS else ChannelState.SILENT


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """What a provider sent: header names in small letters, the body as it came."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class WrongSignatureError(Exception):
    """A request to a webhook does not come from the provider."""


class EventKind(StrEnum):
    """What a provider tells of.

    `ECHO`: somebody of the business wrote on the phone, or a program did that is not this service. `EDIT`, `REVOKE`
    and `REACTION` are about the message `target_id`. `ALIAS`: a contact's ids changed. `CONNECTION`: the channel
    itself came or went. `STANDBY`: a message that another agent of the provider answers.
    """

    MESSAGE = "message"
    ECHO = "echo"
    STATUS = "status"
    EDIT = "edit"
    REVOKE = "revoke"
    REACTION = "reaction"
    ALIAS = "alias"
    CONNECTION = "connection"
    STANDBY = "standby"


class AliasKind(StrEnum):
    """What can name a contact. A phone number is the same everywhere; the others are within one channel."""

    PHONE = "phone"
    LID = "lid"
    USER_ID = "user_id"
    TELEGRAM = "telegram"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of a contact; a phone number is digits with its country code, without `+`."""

    kind: AliasKind
    value: str


class MediaKind(StrEnum):
    """What kind of file came with a message."""

    IMAGE = "image"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True)
class MediaReference:
    """A file that a provider holds.

    `reference` is what the adapter fetches it by; type and size are the provider's word only.
    """

    kind: MediaKind
    reference: str
    content_type: str | None = None
    filename: str | None = None
    size: int | None = None


class DeliveryState(StrEnum):
    """How far a part of an answer has come.

    `UNKNOWN`: sent, and the provider did not say whether it took it. `HELD`: may not be sent now, and nobody but a
    person can change that. `VOID`: a person took the conversation over before it was sent.
    """

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class ChannelEvent:
    """One thing that a provider tells of.

    `remote_id` is the provider's id of it, unique in its channel and kind. `contact` is the id that came in, which
    answers go to; `aliases` are all that the event names the contact by, `contact`'s own included. `at` is the
    provider's time, None where it says none that can be believed. `type` is the provider's word for what came.
    `part_id` is the id that this service gave a part it sent, where the provider gives it back.
    """

    kind: EventKind
    remote_id: str
    contact: str = ""
    aliases: tuple[Alias, ...] = ()
    at: datetime | None = None
    type: str = "text"
    name: str | None = None
    text: str = ""
    media: tuple[MediaReference, ...] = ()
    target_id: str | None = None
    part_id: str | None = None
    status: DeliveryState | None = None
    error: "ProviderError | None" = None
    connected: bool | None = None


@dataclass(frozen=True, slots=True)
class OutgoingPart:
    """A text for a contact; `id` is this service's, which the provider gives back with statuses where it can.

    `template`: it is sent as this template, where the provider has templates.
    """

    id: str
    recipient: str
    text: str
    template: ChosenTemplate | None = None


class ErrorAction(StrEnum):
    """What follows from a provider's error.

    `RETRY`: nothing was sent, and it may go well later. `FAIL`: this part never will. `HOLD`: not before the
    customer writes again. `PAUSE`: nothing of this channel will until its owner does something. `LOOK`: it may have
    been sent or not.
    """

    RETRY = "retry"
    FAIL = "fail"
    HOLD = "hold"
    PAUSE = "pause"
    LOOK = "look"


class ProviderError(Exception):
    """A provider did not do what it was asked; `message` is for the channel's owner, and has no secrets.

    `retry_after`: in how many seconds it wants to be asked again.
    """

    def __init__(self, action: ErrorAction, code: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.action = action
        self.code = code
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """A number, an instance or a bot that a channel can be of; `fields` are what names it in the channel.

    `state`: the provider's word for how it is.
    """

    fields: Mapping[str, str]
    name: str
    phone: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """One point of a channel's health; where it is not ok, why, and what its owner can do."""

    name: str
    ok: bool
    cause: str | None = None
    remedy: str | None = None

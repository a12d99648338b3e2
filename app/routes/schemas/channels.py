"""Channels, and what is on its way through them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from app.domain.channels import (
    AssistantChannel,
    ChannelCheck,
    ChannelKind,
    ChannelState,
    DeliveryState,
    ProviderAccount,
    state_of,
)
from app.domain.outbox import OutboxPart
from app.domain.visitors import script_tag
from app.routes.schemas.common import AnswerModel, Id, Moment, Name, PageQuery, RequestModel, Text
from app.services.channels.automatic_messages import is_listed
from app.services.channels.service import NO_ROOM
from app.services.ports.channels import LinkCode

_OF_CHANNEL = frozenset({"assistant_id", "kind", "name"})


class _Fields(RequestModel):
    """What the kinds of channels are set up with; which of them a kind has, its page in the docs says."""

    phone_number_id: Text | None = Field(None, description="whatsapp_cloud")
    waba_id: Text | None = Field(None, description="whatsapp_cloud")
    app_id: Text | None = Field(None, description="whatsapp_cloud")
    graph_version: Text | None = Field(None, description="whatsapp_cloud", examples=["v25.0"])
    auth_header: Text | None = Field(None, description="whatsapp_cloud: `D360-API-KEY` for 360dialog")
    verify_token: Text | None = Field(None, description="whatsapp_cloud; made up where it is missing")
    access_token: Text | None = Field(None, description="whatsapp_cloud; never shown")
    app_secret: Text | None = Field(None, description="whatsapp_cloud; never shown")
    base_url: Text | None = Field(None, description="whatsapp_cloud, evolution, telegram")
    instance: Text | None = Field(None, description="evolution")
    api_key: Text | None = Field(None, description="evolution; never shown")
    bot_token: Text | None = Field(None, description="telegram; never shown")
    origins: list[Text] | Text | None = Field(
        None, description="web: the pages that may use it, such as `https://www.example.com`; none: no page may"
    )
    title: Text | None = Field(None, description="web: what stands above its window")
    greeting: Text | None = Field(None, description="web: what it says before anything is written")
    automatic_messages: str | None = Field(
        None,
        max_length=10_000,
        description="Texts that the phone sends by itself, one a line",
    )

    def values(self) -> dict[str, str]:
        """The fields that were given."""
        given: Mapping[str, Any] = self.model_dump(exclude_none=True)
        return {name: _line_each(value) for name, value in given.items() if name not in _OF_CHANNEL}


def _line_each(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


class ChannelIn(_Fields):
    """A new channel."""

    assistant_id: Text
    kind: ChannelKind = Field(strict=False)
    name: Name


class AccountsIn(_Fields):
    """Whom to ask, with what credentials."""

    assistant_id: Text
    kind: ChannelKind = Field(strict=False)


class AccountOut(AnswerModel):
    """A number, an instance or a bot that a channel can be of."""

    fields: dict[str, str] = Field(description="What to add to the fields of the new channel")
    name: str
    phone: str | None
    state: str | None = Field(description="The provider's word for how it is")

    @classmethod
    def of(cls, account: ProviderAccount) -> "AccountOut":
        return cls(fields=dict(account.fields), name=account.name, phone=account.phone, state=account.state)


class ChannelUpdateIn(_Fields):
    """What to change; what is not named stays, secrets too. Null: back to the default."""

    name: Name | None = None

    def values(self) -> dict[str, str]:
        """The fields that were given; those that are null have no value any more."""
        emptied = {name for name in self.model_fields_set - _OF_CHANNEL if getattr(self, name) is None}
        return {**super().values(), **dict.fromkeys(emptied, "")}


class ChannelQuery(PageQuery):
    """Whose channels to list."""

    assistant_id: str


_CHECK = "POST /channels/check/<id> tells what is wrong."
_OF_STATES = {
    ChannelState.WAITING: [("Nothing has come by this channel yet.", f"Write to it as a customer would; {_CHECK}")],
    ChannelState.SILENT: [("Nothing has come or gone for a day.", f"If customers did write, {_CHECK}")],
    ChannelState.DISCONNECTED: [
        ("The phone is not linked any more.", "Scan the code of GET /channels/qrCode/<id> with the phone.")
    ],
}


class WarningOut(AnswerModel):
    """Something that an owner should look at."""

    cause: str
    remedy: str

    @classmethod
    def of(cls, channel: AssistantChannel, state: ChannelState, *, has_room: bool) -> "list[WarningOut]":
        told = [*_OF_STATES.get(state, ()), *([] if has_room else [NO_ROOM])]
        return [cls(cause=cause, remedy=remedy) for cause, remedy in told] + cls._of_texts(channel)

    @classmethod
    def _of_texts(cls, channel: AssistantChannel) -> "list[WarningOut]":
        return [
            cls(
                cause=f"The assistant fell silent, as the phone wrote right after a customer: {text}",
                remedy="If it is the phone's own greeting or away message, list it in automatic_messages.",
            )
            for text in channel.doubtful_texts
            if not is_listed(channel, text)
        ]


class ChannelOut(AnswerModel):
    """A channel; its secrets are never shown."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    kind: ChannelKind
    name: str
    state: ChannelState = Field(description="What has been seen of it, not what the provider says")
    problem: str | None = Field(description="Why nothing is sent, until an update or a check without a fault")
    warnings: list[WarningOut] = Field(description="What its owner should look at, though it works")
    webhook_url: str | None = Field(description="Where the provider posts to; null for the kind `web`")
    script: str | None = Field(description="What to paste into the site; null for all kinds but `web`")
    verify_token: str | None = Field(description="What Meta asks for, where its webhook is set by hand")
    options: dict[str, str] = Field(description="What it was set up with, besides secrets")
    last_message_in_at: Moment | None
    last_message_out_at: Moment | None
    proof_at: Moment | None = Field(description="When a message, a status or a check last showed that it works")
    created_at: Moment = Field(alias="createdAt")

    @classmethod
    def of(cls, channel: AssistantChannel, now: datetime, base: str, *, has_room: bool) -> "ChannelOut":
        is_web, key = channel.kind is ChannelKind.WEB, channel.webhook_id
        return cls(
            underscore_id=channel.id,
            assistant_id=channel.assistant_id,
            kind=channel.kind,
            name=channel.name,
            state=state_of(channel, now),
            problem=channel.paused,
            warnings=WarningOut.of(channel, state_of(channel, now), has_room=has_room),
            webhook_url=None if is_web else f"{base}/webhooks/{key}",
            script=script_tag(base, key) if is_web else None,
            verify_token=channel.secrets.get("verify_token"),
            options=dict(channel.options),
            last_message_in_at=channel.last_in_at,
            last_message_out_at=channel.last_out_at,
            proof_at=channel.proof_at,
            created_at=channel.created_at,
        )


class CheckOut(AnswerModel):
    """One point that was looked at."""

    name: str
    ok: bool
    cause: str | None = Field(description="What is wrong")
    remedy: str | None = Field(description="What to do about it")

    @classmethod
    def of(cls, check: ChannelCheck) -> "CheckOut":
        return cls(name=check.name, ok=check.ok, cause=check.cause, remedy=check.remedy)


class LinkOut(AnswerModel):
    """What links a channel to a phone."""

    linked: bool = Field(description="Whether it is, so that there is nothing to scan")
    image: str | None = Field(description="A QR code as a data URL; good for less than a minute")
    pairing_code: str | None = Field(description="What can be typed on the phone instead")

    @classmethod
    def of(cls, code: LinkCode | None) -> "LinkOut":
        if code is None:
            return cls(linked=True, image=None, pairing_code=None)
        return cls(linked=False, image=code.image, pairing_code=code.pairing_code)


class OutboxQuery(PageQuery):
    """Which parts to list."""

    channel_id: str
    chat_id: str | None = Field(None, description="The parts of one chat only")
    state: DeliveryState | None = None


class PartOut(AnswerModel):
    """One part of an answer, on its way to a contact."""

    underscore_id: Id = Field(alias="_id")
    channel_id: Id
    chat_id: Id
    number: int = Field(description="Which part of the chat's answer, from 0")
    recipient: str
    text: str
    state: DeliveryState
    attempts: int
    next_attempt_at: Moment | None = Field(description="While it is to be sent")
    error: str | None
    error_code: str | None
    created_at: Moment = Field(alias="createdAt")
    changed_at: Moment | None

    @classmethod
    def of(cls, part: OutboxPart) -> "PartOut":
        return cls(
            underscore_id=part.id,
            channel_id=part.channel_id,
            chat_id=part.chat_id,
            number=part.number,
            recipient=part.recipient,
            text=part.text,
            state=part.state,
            attempts=part.attempts,
            next_attempt_at=part.next_at if part.is_pending else None,
            error=part.error,
            error_code=part.error_code,
            created_at=part.created_at,
            changed_at=part.changed_at,
        )

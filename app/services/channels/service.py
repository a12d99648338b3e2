"""Channels as their owners set them up and look after them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.channels import AssistantChannel, ChannelCheck, ChannelKind, ErrorAction, ProviderError
from app.domain.errors import ConflictError, InvalidError, NotFoundError
from app.domain.ids import is_id, new_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.channels.announcements import ChannelAnnouncements
from app.services.channels.disconnecting import disconnect
from app.services.channels.provider import Provider, refusal
from app.services.ports import Clock
from app.services.ports.channels import ChannelFields, ChannelRows, LinkCode, OwnAddress

MOST_CHANNELS = 20
_WEBHOOK_ID_BYTES = 24
NO_ROOM = (
    "The files of this assistant's customers take all the room they may, so that no more are kept.",
    "Set a retention for its conversations or delete some, or let an administrator raise QUOTA_MEDIA_MEGABYTES.",
)
"""What an owner is told, and can do, where customers' files are not kept any more."""


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel that is to be made; `values` are its options and secrets."""

    kind: ChannelKind
    name: str
    values: Mapping[str, str]


class ChannelService:
    """What an owner does with channels.

    `wake` is called when a paused one may send again, `deleted` with the id of one that was deleted. `has_room`
    says of an assistant whether more of its customers' files are kept.
    """

    def __init__(
        self,
        access: Access,
        channels: ChannelRows,
        providers: Mapping[ChannelKind, Provider],
        clock: Clock,
        *,
        own_address: OwnAddress,
        announcements: ChannelAnnouncements,
        audit: AuditLog,
        wake: Callable[[], None],
        deleted: Callable[[str], None],
        has_room: Callable[[str], bool],
    ) -> None:
        self._access = access
        self._channels = channels
        self._providers = providers
        self._clock = clock
        self._own_address = own_address
        self._announcements = announcements
        self._audit = audit
        self._wake = wake
        self._deleted = deleted
        self._has_room = has_room

    def page(self, caller: Caller, assistant_id: str, before: str | None, limit: int) -> list[AssistantChannel]:
        """The channels of an assistant, newest first.

        Raises `ForbiddenError`, and `InvalidError` for an assistant the caller has not.
        """
        assistant = self._access.filtered(caller, assistant_id, Action.MANAGE_CHANNELS)
        return self._channels.of_assistant(assistant.id, before, limit)

    def get(self, caller: Caller, channel_id: str) -> AssistantChannel:
        """A channel; raises `NotFoundError`, `ForbiddenError`."""
        return self._found(caller, channel_id)[1]

    def add(self, caller: Caller, assistant_id: str, wanted: NewChannel, base: str) -> AssistantChannel:
        """A new channel with these options and secrets; its provider is told to post to the service at `base`.

        Where the provider does not let itself be told, the channel is paused, and its `paused` says why.

        Raises `InvalidError`, `ConflictError` `too_many_channels`, or `account_in_use` where another channel has
        the same account of the provider.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_CHANNELS)
        if len(self._channels.of_assistant(assistant.id, None, MOST_CHANNELS)) >= MOST_CHANNELS:
            sentence = f"An assistant has {MOST_CHANNELS} channels at most; delete one first."
            raise ConflictError(sentence, code="too_many_channels")
        new = AssistantChannel(
            id=new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            kind=wanted.kind,
            name=wanted.name,
            webhook_id=secrets.token_urlsafe(_WEBHOOK_ID_BYTES),
            created_at=self._clock(),
        )
        channel = self._with(new, wanted.values)
        fields = self._providers[wanted.kind].fields
        target, place, after = _target(channel), Place.of(assistant), {"kind": wanted.kind, "name": wanted.name}
        with self._audit.change(caller, AuditAction.CHANNEL_ADD, target, place, after=after):
            self._take(self._channels.add, channel, _account(channel, fields))
        return self._connected(channel, base)

    def update(
        self, caller: Caller, channel_id: str, values: Mapping[str, str], base: str, *, name: str | None = None
    ) -> AssistantChannel:
        """Change what is named; what it was paused for counts as seen to. Raises as `add` does."""
        assistant, channel = self._found(caller, channel_id)
        changed = replace(self._with(channel, values), name=name or channel.name, paused=None)
        fields = self._providers[channel.kind].fields
        account, after = _account(changed, fields), {"fields": sorted(values), "name": changed.name}
        target, place = _target(channel), Place.of(assistant)
        with self._audit.change(caller, AuditAction.CHANNEL_UPDATE, target, place, after=after):
            self._take(self._channels.change, changed, account)
        if "automatic_messages" in values:
            self._channels.settle_doubts(channel.id)
            changed = replace(changed, doubtful_texts=())
        if account != _account(channel, fields):
            disconnect(channel, self._providers)
        connected = self._connected(changed, base) if values else changed
        self._wake()
        return connected

    def qr_code(self, caller: Caller, channel_id: str) -> LinkCode | None:
        """What to scan with the phone; None if it is linked.

        Raises `ConflictError` `no_phone` for a channel without a phone, and as `refusal` says.
        """
        _, channel = self._found(caller, channel_id)
        link = self._providers[channel.kind].phone_link
        if link is None:
            raise ConflictError("A channel of this kind is not linked to a phone.", code="no_phone")
        try:
            return link.qr_code(channel)
        except ProviderError as error:
            raise refusal(error) from None

    def check(self, caller: Caller, channel_id: str, base: str) -> Sequence[ChannelCheck]:
        """Ask the service itself and the provider now, point by point; a channel without a fault sends again."""
        _, found = self._found(caller, channel_id)
        channel = self._connected(found, base)
        checks = [self._address_check(base), *self._providers[channel.kind].adapter.health(channel)]
        if all(check.ok for check in checks):
            self._channels.note(channel.id, proof_at=self._clock())
            if channel.paused:
                self._channels.resume(channel.id)
                self._announcements.connected(channel)
                self._wake()
        room = [] if self.has_room(channel) else [ChannelCheck("files", False, *NO_ROOM)]
        return [*checks, *room, _first_message_check(channel)]

    def has_room(self, channel: AssistantChannel) -> bool:
        """Whether the files that come by it are kept, or its assistant has as many as it may have."""
        return self._has_room(channel.assistant_id)

    def _address_check(self, base: str) -> ChannelCheck:
        cause = self._own_address.problem(base)
        remedy = "Set PUBLIC_URL to an address of this service that the provider can reach, with https."
        return ChannelCheck("address", ok=cause is None, cause=cause, remedy=remedy if cause else None)

    def delete(self, caller: Caller, channel_id: str) -> None:
        """Delete a channel, and its webhook at the provider.

        What customers wrote before goes to a person, and what is still in its outbox fails.

        Raises `NotFoundError`, `ForbiddenError`. A provider that cannot be told keeps nobody from deleting.
        """
        assistant, channel = self._found(caller, channel_id)
        target, place = _target(channel), Place.of(assistant)
        with self._audit.change(caller, AuditAction.CHANNEL_DELETE, target, place):
            if not self._channels.delete(channel.id, self._clock()):
                raise NotFoundError("channel")
        self._deleted(channel.id)
        disconnect(channel, self._providers)

    def _take(
        self, store: Callable[[AssistantChannel, str | None], bool], channel: AssistantChannel, account: str | None
    ) -> None:
        """Store a channel with its account, which nobody keeps from others with wrong credentials.

        Raises `ConflictError` `account_in_use`.
        """
        if store(channel, account) or (account and self._channels.release(account) and store(channel, account)):
            return
        raise _in_use()

    def _connected(self, channel: AssistantChannel, base: str) -> AssistantChannel:
        setup = self._providers[channel.kind].setup
        if setup is None:
            return channel
        try:
            setup.connect(channel, f"{base}/webhooks/{channel.webhook_id}")
        except ProviderError as error:
            # What passes by itself is told, and stops nothing.
            if error.action is not ErrorAction.RETRY and self._channels.pause(channel.id, error.message):
                self._announcements.disconnected(channel, error.message)
            return replace(channel, paused=error.message)
        return channel

    def _found(self, caller: Caller, channel_id: str) -> tuple[Assistant, AssistantChannel]:
        channel = self._channels.by_id(channel_id) if is_id(channel_id) else None
        if channel is None:
            raise NotFoundError("channel")
        return self._access.assistant(caller, channel.assistant_id, Action.MANAGE_CHANNELS, "channel"), channel

    def _with(self, channel: AssistantChannel, values: Mapping[str, str]) -> AssistantChannel:
        """The channel with these values; raises `InvalidError` naming those that its kind has not, or are wrong."""
        fields = self._providers[channel.kind].fields
        unknown = values.keys() - fields.options - fields.secrets
        if unknown:
            problem = f"A channel of the kind {channel.kind} has no such field."
            raise InvalidError("The channel cannot be so.", {name: [problem] for name in sorted(unknown)})
        options = {**channel.options, **{name: values[name] for name in values.keys() & fields.options}}
        hidden = {**channel.secrets, **{name: values[name] for name in values.keys() & fields.secrets}}
        options, hidden = fields.completed(options, hidden)
        if problems := fields.problems(options, hidden):
            raise InvalidError("The channel cannot be so.", problems)
        return replace(channel, options=options, secrets=hidden)


def _first_message_check(channel: AssistantChannel) -> ChannelCheck:
    if channel.last_in_at is not None:
        return ChannelCheck("first_message", ok=True)
    cause, remedy = "Nothing has come by this channel yet.", "Write to it, as a customer would."
    return ChannelCheck("first_message", ok=False, cause=cause, remedy=remedy)


def _account(channel: AssistantChannel, fields: ChannelFields) -> str | None:
    """The provider's account, whatever other providers call theirs."""
    account = fields.account(channel.options, channel.secrets)
    return account and f"{channel.kind}/{account}"


def _in_use() -> ConflictError:
    sentence = "Another channel has this account already; delete that first."
    return ConflictError(sentence, code="account_in_use")


def _target(channel: AssistantChannel) -> Target:
    return Target("channel", channel.id, channel.name)

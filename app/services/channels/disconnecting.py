"""Providers whose channels are deleted are told to post nothing more."""

import logging
import time
from collections.abc import Mapping

from app.domain.channels import AssistantChannel, ChannelKind, ProviderError
from app.services.channels.provider import Provider
from app.services.ports.channels import DeletedChannels

_MOST_SECONDS = 10.0
_AT_ONCE = 1000

_log = logging.getLogger(__name__)


def disconnect(channel: AssistantChannel, providers: Mapping[ChannelKind, Provider]) -> None:
    """Tell a channel's provider; where it cannot be told, what it posts finds no channel any more."""
    provider = providers.get(channel.kind)
    if provider is None or provider.setup is None:
        return
    try:
        provider.setup.disconnect(channel)
    except ProviderError as error:
        _log.warning("channel %s: its webhook stays at the provider (%s)", channel.id, error.code)


class DisconnectedChannels:
    """Deletes an assistant's channels, and their webhooks at the providers."""

    def __init__(self, channels: DeletedChannels, providers: Mapping[ChannelKind, Provider]) -> None:
        self._channels = channels
        self._providers = providers

    def delete_of_assistant(self, assistant_id: str) -> None:
        """All channels of an assistant; providers that are slow are not all told."""
        until = time.monotonic() + _MOST_SECONDS
        for channel in self._channels.of_assistant(assistant_id, None, _AT_ONCE):
            if time.monotonic() < until:
                disconnect(channel, self._providers)
        self._channels.delete_of_assistant(assistant_id)

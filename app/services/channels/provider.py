"""What this service knows of a provider."""

from dataclasses import dataclass

from app.domain.channels import ErrorAction, ProviderError
from app.domain.errors import ConflictError, OrquestradoraError, ProviderUnavailableError
from app.services.ports.channels import (
    Accounts,
    ChannelAdapter,
    ChannelFields,
    ChannelHistory,
    ChannelSetup,
    PhoneLink,
    SentLookup,
    Templates,
    Typing,
)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: how it is spoken to, what its channels' fields are, and what else it can do."""

    adapter: ChannelAdapter
    fields: ChannelFields
    setup: ChannelSetup | None = None
    history: ChannelHistory | None = None
    lookup: SentLookup | None = None
    phone_link: PhoneLink | None = None
    typing: Typing | None = None
    templates: Templates | None = None
    accounts: Accounts | None = None


def refusal(error: ProviderError) -> OrquestradoraError:
    """What somebody is told whose wish the provider did not do: whether it may be repeated as it is."""
    if error.action in {ErrorAction.RETRY, ErrorAction.LOOK}:
        return ProviderUnavailableError(error.message, error.retry_after)
    return ConflictError(error.message, code="provider_refused")

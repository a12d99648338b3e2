"""What a new channel can be of: numbers, instances, bots."""

from collections.abc import Mapping, Sequence

from app.domain.callers import Caller
from app.domain.channels import AssistantChannel, ChannelKind, ProviderAccount, ProviderError
from app.domain.errors import ConflictError, InvalidError
from app.domain.ids import new_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.channels.provider import Provider, refusal
from app.services.ports import Clock

# What the answer tells, and so need not be given.
_TOLD = frozenset({"instance", "phone_number_id", "waba_id"})


class ProviderAccounts:
    """Asks providers before there is a channel."""

    def __init__(self, access: Access, providers: Mapping[ChannelKind, Provider], clock: Clock) -> None:
        self._access = access
        self._providers = providers
        self._clock = clock

    def found(
        self, caller: Caller, assistant_id: str, kind: ChannelKind, values: Mapping[str, str]
    ) -> Sequence[ProviderAccount]:
        """What these options and secrets are good for; nothing is stored.

        Raises `NotFoundError`, `ForbiddenError`, `InvalidError` for what is missing or wrong, `ConflictError`
        `no_accounts` for a kind that has none, and as `refusal` says.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_CHANNELS)
        provider = self._providers[kind]
        if provider.accounts is None:
            raise ConflictError("Channels of this kind are of no account.", code="no_accounts")
        options = {name: value for name, value in values.items() if name in provider.fields.options}
        secrets = {name: value for name, value in values.items() if name in provider.fields.secrets}
        options, secrets = provider.fields.completed(options, secrets)
        problems = provider.fields.problems(options, secrets)
        if wrong := {name: said for name, said in problems.items() if name not in _TOLD or name in values}:
            raise InvalidError("The provider cannot be asked so.", wrong)
        asked = AssistantChannel(
            new_id(), assistant.id, assistant.owner_id, kind, "", "", self._clock(), options, secrets
        )
        try:
            return provider.accounts.accounts(asked)
        except ProviderError as error:
            raise refusal(error) from None

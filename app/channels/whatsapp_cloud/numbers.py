"""The numbers that a token is good for.

Source: https://developers.facebook.com/docs/graph-api/reference/debug_token
"""

from collections.abc import Iterator, Sequence

from app.channels.whatsapp_cloud.fields import items, part, text
from app.channels.whatsapp_cloud.graph import Graph, needed
from app.channels.whatsapp_cloud.options import by_partner
from app.domain.channels import AssistantChannel, ProviderAccount

_MOST_ACCOUNTS = 20
_SCOPE = "whatsapp_business_messaging"


def numbers(graph: Graph, channel: AssistantChannel) -> list[ProviderAccount]:
    """The numbers of the account that the channel names, or of all that its token has; raises `ProviderError`.

    A partner's key is good for one number, which it does not name.
    """
    if by_partner(channel.options):
        return []
    named = channel.options.get("waba_id")
    accounts = [named] if named else _accounts(graph, channel)
    return [number for account in accounts[:_MOST_ACCOUNTS] for number in _numbers_of(graph, channel, account)]


def _accounts(graph: Graph, channel: AssistantChannel) -> Sequence[str]:
    query = {"input_token": needed(channel.secrets, "access_token")}
    data = part(graph.get_as_app(channel, "debug_token", query), "data")
    scopes = [one for one in items(data, "granular_scopes") if isinstance(one, dict) and one.get("scope") == _SCOPE]
    return list(dict.fromkeys(str(target) for one in scopes for target in items(one, "target_ids")))


def _numbers_of(graph: Graph, channel: AssistantChannel, account: str) -> Iterator[ProviderAccount]:
    query = {"fields": "id,display_phone_number,verified_name,status", "limit": "100"}
    for one in items(graph.get(channel, f"{account}/phone_numbers", query), "data"):
        if isinstance(one, dict):
            phone = text(one, "display_phone_number")
            fields = {"waba_id": account, "phone_number_id": text(one, "id")}
            yield ProviderAccount(fields, text(one, "verified_name") or phone, phone, text(one, "status") or None)

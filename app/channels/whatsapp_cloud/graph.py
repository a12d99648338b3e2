"""Requests to the Graph API with a channel's own credential."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from app.channels.whatsapp_cloud.errors import error_in
from app.channels.whatsapp_cloud.options import auth_header, base_url, by_partner, graph_version
from app.domain.channels import AssistantChannel, ErrorAction, ProviderError
from app.net.provider_client import ProviderClient, ProviderResponse

_MISSING = "Enter the channel's {} before it can be used."


class Graph:
    """Asks Meta, or a partner who speaks its language."""

    def __init__(self, client: ProviderClient) -> None:
        self._client = client

    def get(self, channel: AssistantChannel, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What is at `/path`; raises `ProviderError`."""
        return self._asked(channel, "GET", path, credential(channel), query=query)

    def post(self, channel: AssistantChannel, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a body at `/path`; raises `ProviderError`."""
        return self._asked(channel, "POST", path, credential(channel), body=body)

    def get_as_app(self, channel: AssistantChannel, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """As `get`, by the app's own right."""
        return self._asked(channel, "GET", path, _app_credential(channel), query=query)

    def post_as_app(self, channel: AssistantChannel, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """As `post`, by the app's own right."""
        return self._asked(channel, "POST", path, _app_credential(channel), body=body)

    def _asked(
        self,
        channel: AssistantChannel,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        version = "" if by_partner(channel.options) else f"/{graph_version(channel)}"
        url = f"{base_url(channel)}{version}/{path}{'?' + urlencode(query) if query else ''}"
        response = self._client.request(method, url, headers=headers, body=body)
        return _answer(response)


def credential(channel: AssistantChannel) -> dict[str, str]:
    """The header with the channel's access token."""
    name, token = auth_header(channel.options), needed(channel.secrets, "access_token")
    return {name: token if by_partner(channel.options) else f"Bearer {token}"}


def number_path(channel: AssistantChannel, edge: str) -> str:
    """Where the channel's number is; a partner adds its id itself."""
    return edge if by_partner(channel.options) else f"{needed(channel.options, 'phone_number_id')}/{edge}"


def needed(values: Mapping[str, str], name: str) -> str:
    """An option or a secret that has to be there; raises `ProviderError`."""
    if not (value := values.get(name)):
        raise ProviderError(ErrorAction.PAUSE, "not_set_up", _MISSING.format(name))
    return value


def _app_credential(channel: AssistantChannel) -> dict[str, str]:
    token = f"{needed(channel.options, 'app_id')}|{needed(channel.secrets, 'app_secret')}"
    return {"Authorization": f"Bearer {token}"}


def _answer(response: ProviderResponse) -> dict[str, Any]:
    if (error := error_in(response)) is not None:
        raise error
    return dict(response.json())

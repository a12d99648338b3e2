"""Calls to Evolution API v2, with a channel's key and for its instance."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from app.channels.evolution.errors import error_of
from app.domain.channels import AssistantChannel
from app.net.provider_client import ProviderClient


class EvolutionApi:
    """What is asked of a channel's server; every error is a `ProviderError` without secrets."""

    def __init__(self, client: ProviderClient) -> None:
        self._client = client

    def get(self, channel: AssistantChannel, path: str) -> Any:
        """The JSON that a path has."""
        return self._asked(channel, "GET", path, None)

    def post(self, channel: AssistantChannel, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON that a path answers to a body with."""
        return self._asked(channel, "POST", path, body)

    def _asked(self, channel: AssistantChannel, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        response = self._client.request(method, url_of(channel, path), headers=headers_of(channel), body=body)
        error = error_of(response, channel.secrets.values())
        if error is not None:
            raise error
        return response.json()


def instance_path(channel: AssistantChannel, path: str) -> str:
    """A path about the channel's instance, whose name it ends in."""
    return f"{path}/{quote(channel.options['instance'], safe='')}"


def url_of(channel: AssistantChannel, path: str) -> str:
    """Where a path is on the channel's server."""
    return channel.options["base_url"].strip().rstrip("/") + path


def headers_of(channel: AssistantChannel) -> dict[str, str]:
    """What the channel's key is sent in."""
    return {"apikey": channel.secrets["api_key"]}

"""Calls of the Bot API. The token is part of every URL, so no URL gets into an error.

Source: https://core.telegram.org/bots/api#making-requests
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from app.channels.telegram.errors import error_in
from app.channels.telegram.options import base_url, bot_id_of
from app.domain.channels import AssistantChannel, ErrorAction, ProviderError
from app.net.provider_client import ProviderClient

_NO_TOKEN = "The channel has no usable bot token; enter the one that @BotFather shows for the bot."  # noqa: S105


class BotApi:
    """The methods of the API at the channel's `base_url`, which alone is sent the token."""

    def __init__(self, client: ProviderClient) -> None:
        self._client = client

    def call(self, channel: AssistantChannel, method: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The result of a method; raises `ProviderError`."""
        token = _token(channel)
        url = f"{base_url(channel.options)}/bot{token}/{method}"
        response = self._client.request("POST", url, body=dict(parameters or {}))
        answer = response.json()
        if error := error_in(response, answer, token):
            raise error
        return answer["result"]

    def download(self, channel: AssistantChannel, file_path: str, most_bytes: int) -> Iterator[bytes]:
        """The bytes of a file, as they come; `file_path` is the API's word for it. Raises `ProviderError`."""
        url = f"{base_url(channel.options)}/file/bot{_token(channel)}/{quote(file_path.lstrip('/'))}"
        return self._client.download(url, {}, most_bytes)


def _token(channel: AssistantChannel) -> str:
    if not bot_id_of(channel.secrets):
        raise ProviderError(ErrorAction.PAUSE, "no_token", _NO_TOKEN)
    return channel.secrets["bot_token"]

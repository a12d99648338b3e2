"""A message's file: asked for by its id, then downloaded from a URL that is good for 5 minutes.

Source: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
"""

import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

from app.channels.whatsapp_cloud.graph import Graph, credential
from app.channels.whatsapp_cloud.options import base_url, by_partner
from app.domain.channels import AssistantChannel, ErrorAction, MediaReference, ProviderError
from app.net.provider_client import ProviderClient

_MEDIA_ID = re.compile(r"[\w-]{1,512}", re.ASCII)
_META_HOST = "fbsbx.com"
_GONE = {"33", "100", "131052"}
"""What Graph answers for an id that it does not know, or not any more."""


class MediaFetcher:
    """Downloads files; `extra_origins` (as `http://127.0.0.1:8080`) may hold them, too, besides Meta's own."""

    def __init__(self, client: ProviderClient, most_bytes: int, extra_origins: Collection[str] = ()) -> None:
        self._client = client
        self._graph = Graph(client)
        self._most_bytes = most_bytes
        self._extra_origins = frozenset(extra_origins)

    def fetch(self, channel: AssistantChannel, media: MediaReference) -> Iterator[bytes]:
        """The file's bytes; raises `ProviderError`. Whatever went wrong on the way can be tried again."""
        try:
            url = self._url(channel, media)
            yield from self._client.download(url, credential(channel), self._most_bytes)
        except ProviderError as error:
            if error.action is ErrorAction.LOOK:
                raise ProviderError(ErrorAction.RETRY, error.code, error.message) from None
            raise

    def _url(self, channel: AssistantChannel, media: MediaReference) -> str:
        if not _MEDIA_ID.fullmatch(media.reference):
            raise _gone("media_id")
        try:
            found = self._graph.get(channel, media.reference)
        except ProviderError as error:
            raise _gone(error.code) if error.code in _GONE else error from None
        self._demand_small(found.get("file_size"))
        return self._trusted(channel, found.get("url"))

    def _demand_small(self, size: Any) -> None:
        told = int(size) if isinstance(size, int) or (isinstance(size, str) and size.isdecimal()) else 0
        if told > self._most_bytes:
            sentence = f"The file has more than {self._most_bytes:,} bytes."
            raise ProviderError(ErrorAction.FAIL, "too_large", sentence)

    def _trusted(self, channel: AssistantChannel, url: Any) -> str:
        """The URL, if its host may see the access token; a partner has the file at the same path of its host."""
        try:
            parts = urlsplit(url if isinstance(url, str) else "")
            base = urlsplit(base_url(channel))
            if by_partner(channel.options) and parts.path:
                parts = parts._replace(scheme=base.scheme, netloc=base.netloc)
            if _is_metas(parts) or _origin(parts) in {*self._extra_origins, _origin(base)}:
                return parts.geturl()
        except ValueError:
            pass
        sentence = "The file is said to be on a server that is not WhatsApp's; it was not fetched."
        raise ProviderError(ErrorAction.FAIL, "media_host", sentence)


def _is_metas(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    is_metas = host == _META_HOST or host.endswith(f".{_META_HOST}")
    return parts.scheme == "https" and is_metas and parts.port in {None, 443} and parts.username is None


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


def _gone(code: str) -> ProviderError:
    return ProviderError(ErrorAction.FAIL, code, "WhatsApp no longer has this file.")

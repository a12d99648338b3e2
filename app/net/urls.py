"""URLs from strangers: read once, and used as they were read."""

from dataclasses import dataclass
from typing import Self

import httpx2

from app.domain.errors import FetchError

_MOST_CHARACTERS = 2048
_PORTS = {"http": 80, "https": 443}
# Other protocols live there, which a request could be mistaken for: https://fetch.spec.whatwg.org/#port-blocking
# fmt: off
_BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
    531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
    5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send a request: `host` in ASCII without a dot at its end, `path` with its query."""

    url: httpx2.URL
    scheme: str
    host: str
    port: int
    path: bytes

    @classmethod
    def of(cls, url: str) -> Self:
        """The target of a URL somebody typed; raises `FetchError`."""
        if len(url) > _MOST_CHARACTERS:
            raise refused(f"The URL is longer than {_MOST_CHARACTERS} characters.")
        try:
            return cls._checked(httpx2.URL(url.strip()))
        except (httpx2.InvalidURL, ValueError):
            raise refused("This is not a URL that can be read.") from None

    def redirected(self, location: str) -> Self:
        """The target a server sends us to; raises `FetchError`.

        Not from https to http: whoever asked for a page that nobody on the way can change gets no other.
        """
        try:
            target = self._checked(self.url.join(location))
        except (httpx2.InvalidURL, ValueError):
            raise refused("The page redirects to a URL that cannot be read.") from None
        if self.scheme == "https" and target.scheme == "http":
            raise refused("The page redirects from https to http, which is not followed.")
        return target

    @classmethod
    def _checked(cls, url: httpx2.URL) -> Self:
        if url.scheme not in _PORTS:
            raise refused("Only http:// and https:// URLs can be fetched.")
        if url.userinfo:
            raise refused("A URL with a user name or password cannot be fetched.")
        host = url.raw_host.decode("ascii").removesuffix(".")
        if "" in host.split("."):
            raise refused("The URL names no host.")
        port = _PORTS[url.scheme] if url.port is None else url.port
        if port in _BAD_PORTS or not 0 < port <= 65535:
            raise refused("The port in the URL is not one for web pages.")
        return cls(url.copy_with(fragment=None), url.scheme, host, port, url.raw_path)

    @property
    def shown_host(self) -> str:
        """The host as people write it, "açaí.com.br", where it can be written."""
        try:
            return self.url.host.removesuffix(".")
        except UnicodeError:
            return self.host

    @property
    def host_header(self) -> str:
        """The value of the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def refused(sentence: str) -> FetchError:
    """The error for a URL that is not even tried."""
    return FetchError(sentence, code="url_refused")

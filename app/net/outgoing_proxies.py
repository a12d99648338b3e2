"""Which proxy a request to a server goes through."""

import ipaddress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies for requests by http and by https (None: none), and the hosts that are reached without.

    `exceptions` is what the variable NO_PROXY holds, read as curl and Python do: `*` (all hosts), a name, with or
    without a dot before it (which means its subdomains, too), an address, a network (`10.0.0.0/8`), each with a
    port or without. Addresses count as they are written in a URL; no name is resolved for this.
    """

    http: str | None = field(default=None, repr=False)
    https: str | None = field(default=None, repr=False)
    exceptions: tuple[str, ...] = ()

    def proxy_for(self, scheme: str, host: str, port: int) -> str | None:
        """The proxy's URL; None for a server that is reached without, as this machine itself always is."""
        proxy = self.https if scheme == "https" else self.http
        host = host.lower().rstrip(".")
        if proxy is None or _is_this_machine(host) or any(_fits(one, host, port) for one in self.exceptions):
            return None
        return proxy


DIRECT = Proxies()
"""No proxy for anything."""


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _fits(exception: str, host: str, port: int) -> bool:
    pattern, wanted_port = _split_port(exception.strip().lower())
    if wanted_port not in {"", str(port)}:
        return False
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(pattern, strict=False)
    except ValueError:  # one of them is a name
        name = pattern.removeprefix("*").strip(".")
        return pattern == "*" or host == name or (bool(name) and host.endswith(f".{name}"))


def _split_port(exception: str) -> tuple[str, str]:
    """`[::1]:443` as ("::1", "443"); an address of version 6 without brackets has no port."""
    if exception.startswith("["):
        host, _, port = exception[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = exception.rpartition(":")
    return (host, port) if host and ":" not in host else (exception, "")

"""Which addresses are this machine's own, whatever its interfaces are called, and which another server may have."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from app.net.addresses import IPAddress, is_public

_DISCARD_PORT = 9  # RFC 863; nothing is sent
_NOBODYS = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}  # RFC 5737, RFC 3849: no machine has them
_PRIVATE_NETWORKS = tuple(
    map(IPv4Network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
) + tuple(map(IPv6Network, ("::1/128", "fc00::/7")))


def is_outside(address: IPAddress) -> bool:
    """Whether this is another machine's address on the public internet.

    A connection to one's own public address reaches what listens here past any firewall in front of the machine. An
    address that a router translates to this machine's is not known here; what comes by it passes the firewall.
    """
    return is_public(address) and not is_own(address)


def is_outside_or_private(address: IPAddress) -> bool:
    """Whether a server of the internet, of a private network or of this machine may have this address.

    Not so link-local ones: at 169.254.169.254 clouds give away their machines' credentials.
    """
    return is_outside(address) or any(address in network for network in _PRIVATE_NETWORKS)


def allowed_addresses(*, allow_private: bool) -> Callable[[IPAddress], bool]:
    """Which addresses a server that somebody named may have: those outside, or private ones, too."""
    return is_outside_or_private if allow_private else is_outside


def is_own(address: IPAddress) -> bool:
    """Whether an interface of this machine has the address now.

    A socket can be bound to such an address only. Where the kernel allows any (`ip_nonlocal_bind`), an address is
    taken for its own if what goes there would also come from there; this misses an interface's secondary addresses.
    """
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    text = str(address)
    if not _can_bind(family, text):
        return False
    return not _can_bind(family, _NOBODYS[family]) or _source_towards(family, text) == text


def _can_bind(family: socket.AddressFamily, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def _source_towards(family: socket.AddressFamily, address: str) -> str | None:
    """The address a packet to `address` would be sent from; None where there is no way."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, _DISCARD_PORT))
            return str(probe.getsockname()[0])
    except OSError:
        return None

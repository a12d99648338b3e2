"""All connections together: how many there may be, and how much may lie around for them."""

import logging
import time
from functools import partial
from ipaddress import IPv6Address, ip_address

from waitress.server import TcpWSGIServer

from app.server.channel import BodyLimit, Channel, Step
from app.server.open_files import too_few_files_for

# Of the files waitress counts against its limit some are no connections: those it listens at, and its own signal.
_NO_CONNECTIONS = 8
_MOST_OF_ONE_ADDRESS = 3 / 4
_LOOK_SECONDS = 0.25
# How long a client may wait, although others need its place.
_PAUSE_SECONDS = {Step.FIRST_REQUEST: 0.5, Step.NEXT_REQUEST: 2.0, Step.TRANSFER: 2.0}
_WARN_SECONDS = 60.0
_UNSENT_BYTES = 256 * 1024 * 1024
_BODY_BYTES = 1024 * 1024 * 1024

_log = logging.getLogger(__name__)


class Connections:
    """Every connection of the process; only the server's own thread changes them.

    When there are too many, the one is closed that has waited longest for its client, of the address that has most.
    One address may have three quarters of all; where `one_for_all`, all come from a proxy that bounds them itself.
    """

    def __init__(self, body_limit: BodyLimit, *, one_for_all: bool) -> None:
        self.body_limit = body_limit
        self._one_for_all = one_for_all
        self._by_address: dict[str, set[Channel]] = {}
        self._most = 0
        self._looked_at = self._warned_at = -_WARN_SECONDS
        self._knows_files = False

    def add(self, channel: Channel) -> None:
        """Count a new connection, and close another if it is one too many."""
        self._look_at_files(channel)
        same = self._by_address.setdefault(network_of(channel.addr[0]), set())
        same.add(channel)
        self._most = max(1, int(channel.adj.connection_limit) - _NO_CONNECTIONS)
        if not self._one_for_all and len(same) > self._most * _MOST_OF_ONE_ADDRESS:
            self._evict(same, 1)
        elif self._count() > self._most:
            self._evict(max(self._by_address.values(), key=len), 1)

    def remove(self, channel: Channel) -> None:
        """Count a connection no more."""
        address = network_of(channel.addr[0])
        same = self._by_address.get(address, set())
        same.discard(channel)
        if not same:
            self._by_address.pop(address, None)

    def look(self, now: float) -> None:
        """A few times a second: close who keeps most waiting, if too much lies around, or nobody can come in."""
        if now - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = now
        if self._count() > self._most:  # then waitress may accept none, so that `add` is not called
            self._evict(max(self._by_address.values(), key=len), self._most // 4)
        channels = [channel for same in self._by_address.values() for channel in same if channel.is_waiting]
        self._bound([(channel.unsent_bytes, channel) for channel in channels], _UNSENT_BYTES)
        self._bound([(channel.body_bytes, channel) for channel in channels], _BODY_BYTES)

    def _look_at_files(self, first: Channel) -> None:
        """Nobody but the first connection tells the options that `waitress-serve` was given."""
        if not self._knows_files:
            self._knows_files = True
            if too_few := too_few_files_for(int(first.adj.connection_limit), int(first.adj.threads)):
                _log.error("%s", too_few)

    def _bound(self, kept: list[tuple[int, Channel]], most: int) -> None:
        """Close those that have kept bytes here for longest, until no more than `most` are left."""
        total = sum(size for size, _ in kept)
        for size, channel in sorted(kept, key=lambda one: one[1].waiting):
            if total <= most:
                return
            if size:
                self._warn()
                channel.evict(though_it_sends=True)
                total -= size

    def _evict(self, channels: set[Channel], number: int) -> None:
        """Close those that have waited longest; who came, or was answered, just now is given time to go on."""
        now = time.monotonic()
        waiting = [(channel.waiting, channel) for channel in channels if channel.is_waiting]
        long = [one for one in waiting if now - one[0].since > _PAUSE_SECONDS[one[0].step]]
        for _, channel in sorted(long, key=lambda one: one[0])[:number]:
            self._warn()
            channel.evict()

    def _count(self) -> int:
        return sum(map(len, self._by_address.values()))

    def _warn(self) -> None:
        now = time.monotonic()
        if now - self._warned_at >= _WARN_SECONDS:
            self._warned_at = now
            _log.warning("Too many connections, or too much unsent or unread: those that wait longest are closed")


def bound_connections(body_limit: BodyLimit, *, behind_proxies: bool) -> None:
    """Bound the connections of every server that waitress makes in this process from now on.

    `waitress-serve` makes its server itself, after it has called `create_app`; there is no other place to say it.
    """
    connections = Connections(body_limit, one_for_all=behind_proxies)
    TcpWSGIServer.channel_class = staticmethod(partial(Channel, connections))


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address, which is what one customer of a provider has."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(parsed) if not isinstance(parsed, IPv6Address) else parsed.exploded[:19]

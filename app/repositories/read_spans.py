"""Of which conversations it is known that a person has read them, so that they need not be looked at again.

A conversation becomes unread by a new message alone, and that moves it to the top of the list. So of all that lies
between two moments of activity nothing is unread but what was found unread there once.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_UNREAD = 300
_MOST_SPANS = 1_000

Activity = tuple[str, str]
"""The id of a conversation's latest chat, and that of the conversation."""


@dataclass(frozen=True, slots=True)
class ReadSpan:
    """Conversations whose latest chat has an id from `since` on, and before `until`; "" is before all ids.

    `unread`: those of them that may be unread, newest activity first.
    """

    since: str
    until: str
    unread: Sequence[Activity] = ()

    def joined(self, upper: "ReadSpan") -> "ReadSpan":
        """This span and another one, whose knowledge is newer; this one where there is a gap between them."""
        if upper.since > self.until or self.since > upper.until:
            return self
        kept = [one for one in self.unread if not upper.since <= one[0] < upper.until]
        unread = sorted([*kept, *upper.unread], reverse=True)
        return ReadSpan(min(self.since, upper.since), max(self.until, upper.until), unread).bounded()

    def bounded(self) -> "ReadSpan":
        """No longer than down to its 300th unread conversation."""
        if len(self.unread) <= _MOST_UNREAD:
            return self
        unread = self.unread[:_MOST_UNREAD]
        return ReadSpan(unread[-1][0], self.until, unread)


class ReadSpans:
    """The spans of those who asked last, in memory: a person's in a set of assistants."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spans: OrderedDict[tuple[str, ...], ReadSpan] = OrderedDict()

    def get(self, name: tuple[str, ...]) -> ReadSpan | None:
        """What is known of them."""
        return self._spans.get(name)

    def add(self, name: tuple[str, ...], walked: ReadSpan) -> None:
        """What has been found out."""
        if walked.since >= walked.until:
            return
        with self._lock:
            known = self._spans.get(name)
            self._spans[name] = known.joined(walked) if known else walked.bounded()
            self._spans.move_to_end(name)
            while len(self._spans) > _MOST_SPANS:
                self._spans.popitem(last=False)

"""Answers to those who look again every few seconds: 304 while nothing has changed (RFC 9110, 13.1.2).

The ETag is of what was answered, so that all processes give the same one. That nothing has changed since is known
by a version, which costs no reading.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from apiflask import APIFlask
from flask import Response, after_this_request, request

from app.routes.authentication import caller
from app.services.inbox.changes import Changes, Version

_MOST_REMEMBERED = 10_000
# Names of assistants and channels have no version.
_LONGEST_SECONDS = 60.0
_CHECKED_SECONDS = 10.0
_CHANGING_METHODS = frozenset({"POST", "PUT", "DELETE"})
_CHANGING = frozenset({"conversations", "conversation_records", "labels", "chats"})


@dataclass(frozen=True, slots=True)
class _Answered:
    version: Version
    etag: str
    until: float
    what: Any
    checked_until: float


class LookingAgain:
    """Remembers who was answered what, at which version, and what they were found to be allowed to see."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered: OrderedDict[tuple[str, str], _Answered] = OrderedDict()

    def unchanged(self, version_of: Callable[[Any], Version]) -> Response | None:
        """The answer 304, if what this request's `If-None-Match` names is what would be answered.

        What the caller asks for, and may see, is the `what` of the last moments; who has lost a role learns for so
        long that nothing has changed, and nothing else.
        """
        known = self._known()
        if known is None or known.checked_until < time.monotonic() or version_of(known.what) != known.version:
            return None
        return _tagged(Response(status=304), known.etag)

    def remember(self, version: Version, what: Any) -> Response | None:
        """The same once it is known what the caller may see; else its answer is remembered, with its ETag."""
        known, checked_until = self._known(), time.monotonic() + _CHECKED_SECONDS
        if known is not None and known.version == version:
            self._keep(replace(known, what=what, checked_until=checked_until))
            return _tagged(Response(status=304), known.etag)

        @after_this_request
        def keep(response: Response) -> Response:
            if response.status_code == 200:
                etag, until = _etag_of(response), time.monotonic() + _LONGEST_SECONDS
                self._keep(_Answered(version, etag, until, what, checked_until))
                _tagged(response, etag).make_conditional(request)
            return response

        return None

    def _known(self) -> _Answered | None:
        known = self._answered.get(_key())
        if known is None or known.until < time.monotonic() or not request.if_none_match.contains_weak(known.etag):
            return None
        return known

    def _keep(self, answered: _Answered) -> None:
        with self._lock:
            self._answered[_key()] = answered
            self._answered.move_to_end(_key())
            while len(self._answered) > _MOST_REMEMBERED:
                self._answered.popitem(last=False)


def announce_changes(app: APIFlask, changes: Changes) -> None:
    """Let those who look again see at once what was changed by requests to this process."""

    def expire(response: Response) -> Response:
        if request.method in _CHANGING_METHODS and (
            request.blueprint in _CHANGING or request.endpoint == "messages.record"
        ):
            changes.expire()
        return response

    app.after_request(expire)


def _key() -> tuple[str, str]:
    return caller().id, request.full_path


def _tagged(response: Response, etag: str) -> Response:
    response.set_etag(etag, weak=True)
    return response


def _etag_of(response: Any) -> str:
    digest = hashlib.sha256(response.get_data())
    digest.update(response.headers.get("Link", "").encode())
    return digest.hexdigest()[:32]

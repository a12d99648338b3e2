"""Answers to those who look again every few seconds: 304 while nothing has changed (RFC 9110, 13.1.2).

The ETag is of what was answered, so that all processes give the same one. That nothing has changed since is known
by a version, which costs no reading.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import Response, after_this_request, request

from app.routes.authentication import caller
from app.services.inbox.changes import Changes, Version

_MOST_REMEMBERED = 10_000
# Names of assistants and channels have no version.
_LONGEST_SECONDS = 60.0
_CHANGING_METHODS = frozenset({"POST", "PUT", "DELETE"})
_CHANGING = frozenset({"conversations", "conversation_records", "labels", "chats"})


@dataclass(frozen=True, slots=True)
class _Answered:
    version: Version
    etag: str
    until: float


class LookingAgain:
    """Remembers who was answered what, at which version."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered: OrderedDict[tuple[str, str], _Answered] = OrderedDict()

    def unchanged(self, version: Version) -> Response | None:
        """The answer 304 if this request's `If-None-Match` names what would be answered.

        Otherwise the answer that the request gets is remembered, with its ETag.
        """
        key = caller().id, request.full_path
        known = self._answered.get(key)
        is_current = known and known.version == version and known.until > time.monotonic()
        if known and is_current and request.if_none_match.contains_weak(known.etag):
            return _tagged(Response(status=304), known.etag)

        @after_this_request
        def remember(response: Response) -> Response:
            if response.status_code != 200:
                return response
            etag = _etag_of(response)
            with self._lock:
                self._answered[key] = _Answered(version, etag, time.monotonic() + _LONGEST_SECONDS)
                self._answered.move_to_end(key)
                while len(self._answered) > _MOST_REMEMBERED:
                    self._answered.popitem(last=False)
            _tagged(response, etag).make_conditional(request)
            return response

        return None


def announce_changes(app: APIFlask, changes: Changes) -> None:
    """Let those who look again see at once what was changed by requests to this process."""

    def expire(response: Response) -> Response:
        if request.method in _CHANGING_METHODS and (
            request.blueprint in _CHANGING or request.endpoint == "messages.record"
        ):
            changes.expire()
        return response

    app.after_request(expire)


def _tagged(response: Response, etag: str) -> Response:
    response.set_etag(etag, weak=True)
    return response


def _etag_of(response: Any) -> str:
    digest = hashlib.sha256(response.get_data())
    digest.update(response.headers.get("Link", "").encode())
    return digest.hexdigest()[:32]

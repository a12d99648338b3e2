"""Server-sent events (WHATWG HTML, 9.2): an answer as it is written."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response

from app.domain.errors import UnavailableError
from app.routes.errors import Translate, body_of, translated_error
from app.routes.schemas.common import AnswerModel
from app.services.messages import Reply

EVENT_STREAM = "text/event-stream"

_log = logging.getLogger(__name__)


Show = Callable[[Reply], AnswerModel]


def event_stream(
    items: Iterator[str | Reply], show: Show, headers: Mapping[str, str], translate: Translate
) -> Response:
    """`chunk` for each text, then `done` with what is shown of the reply, or `error`.

    The items are read to their end even when the client has gone, so that the answer is in the record.
    """
    unbuffered = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    events = _ToTheEnd(_events(items, show, translate))
    return Response(events, mimetype=EVENT_STREAM, headers={**unbuffered, **headers})


class _ToTheEnd:
    """Events that are read to their end when a server closes them, even if it has not begun to."""

    def __init__(self, events: Iterator[str]) -> None:
        self._events = events

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._events)

    def close(self) -> None:
        """The client has all, or has gone."""
        for _ in self._events:
            pass


def _events(items: Iterator[str | Reply], show: Show, translate: Translate) -> Iterator[str]:
    try:
        for item in items:
            yield _event("chunk", {"text": item}) if isinstance(item, str) else _done(item, show)
    except Exception as error:
        translated = translated_error(error, translate)
        if translated is None:
            _log.exception("A stream broke")
            translated = UnavailableError("Something went wrong on our side.", code="internal_error")
        yield _event("error", body_of(translated))


def _done(reply: Reply, show: Show) -> str:
    return _event("done", show(reply).model_dump(mode="json"))


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"

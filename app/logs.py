"""Log lines, each with the id of the request it belongs to."""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, NoReturn

_log = logging.getLogger(__name__)

request_id: ContextVar[str] = ContextVar("request_id", default="-")

# E.164 has up to 15 digits; with fewer than 10 none of Brazil's is complete.
_PHONE = re.compile(r"(?<![\w.:-])\+?[1-9][0-9]{9,14}(?![\w:-])")
# Keys have digits, capitals and small letters in one long word, as ids, names and digests do not; tokens are JWTs.
_KEY = re.compile(
    r"(?<![\w-])(?:(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{40,}|eyJ[\w-]+\.[\w-]+\.[\w-]+)"
)
_TEXT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"


Format = Literal["text", "json"]


def configure_logs(level: str, form: Format, *filters: logging.Filter) -> None:
    """Send every line to standard error, as text or as one JSON object: ours, libraries', warnings, exceptions.

    Each goes through `filters` first.
    """
    handler = logging.StreamHandler()
    handler.addFilter(_add_request_id)
    for one in filters:
        handler.addFilter(one)
    handler.addFilter(_mask)
    handler.setFormatter(_JsonLines() if form == "json" else logging.Formatter(_TEXT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("app").setLevel(level)
    # waitress warns of every request that waits for a thread, which under load are all.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable


def announce(lines: Iterable[str], form: Format) -> None:
    """Tell the person at the terminal; with JSON the log, as nobody is there."""
    for line in lines:
        if form == "json":
            _log.info("%s", line)
        else:
            print(line, flush=True)  # noqa: T201 - for a person


def refuse_to_start(reason: str, form: Format) -> NoReturn:
    """End the process with status 1 and one line of the log's form."""
    sentence = f"Orquestradora cannot start. {reason}"
    if form == "text":
        sys.exit(sentence)
    configure_logs("INFO", form)
    _log.critical("%s", sentence)
    sys.exit(1)


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None, where: str = "the main thread"
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        _log.warning("Interrupted")
    else:
        _log.critical("An exception ended %s", where, exc_info=(kind, error, trace))


def _log_uncaught_in_thread(details: threading.ExceptHookArgs) -> None:
    if details.exc_value is not None and not issubclass(details.exc_type, SystemExit):
        name = f"the thread {details.thread.name}" if details.thread else "a thread"
        _log_uncaught(details.exc_type, details.exc_value, details.exc_traceback, name)


def _log_unraisable(details: "sys.UnraisableHookArgs") -> None:
    if details.exc_value is not None:
        where = details.err_msg or "a finalizer"
        _log_uncaught(details.exc_type, details.exc_value, details.exc_traceback, where)


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True


def _mask(record: logging.LogRecord) -> bool:
    """Leave phone numbers and keys out, whoever wrote them into a message or an exception."""
    record.msg, record.args = masked(record.getMessage()), None
    if record.exc_info and not record.exc_text:
        record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
    return True


def masked(text: str) -> str:
    """The text without what looks like a phone number or a key; ids, times and short numbers stay."""
    return _KEY.sub("<key>", _PHONE.sub("<number>", text))


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

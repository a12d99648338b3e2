"""Stored e-mails (RFC 5322, .eml): who wrote what to whom, and the text of what is attached."""

import email
import email.policy
import re
from collections.abc import Callable, Iterator, Sequence
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.message import EmailMessage

from app.domain.file_text import FileText
from app.extraction.decoding import decode, is_text
from app.extraction.formats import PICTURES, ending_of, is_supported
from app.extraction.problems import Problem, ProblemError

_HEADERS = {"Subject": "Assunto", "From": "De", "To": "Para", "Cc": "Cc", "Date": "Data"}
"""As customers may be told them."""
_CUT = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_MOST_PARTS = 200
_HEADING = re.compile(r"^#{1,4} ", re.MULTILINE)
_MOST_ATTACHMENTS_READ = 10

Read = Callable[[bytes, str], FileText]


def read_mail(data: bytes, read: Read) -> FileText:
    """Headers, text and attachments; `read` gives the text of an attachment by its bytes and ending.

    The warning names attachments whose text is not in it, as that of pictures never is.
    """
    if not is_text(data):
        raise ProblemError(Problem.BROKEN, "no text")
    message = email.message_from_bytes(_with_headers_in_utf8(data), policy=email.policy.default)
    headers = _headers(message)
    if not headers:
        raise ProblemError(Problem.BROKEN, "no headers of an e-mail")
    parts = _parts(message)
    unread: list[str] = []
    lines = [headers, "", "\n\n".join(_texts(message, read)), "", *_attachments(parts, read, unread)]
    warning = f"Attachments that were not read: {', '.join(unread)}. Upload them by themselves."
    return FileText("\n".join(lines), warning if unread else None)


def _with_headers_in_utf8(data: bytes) -> bytes:
    """Some programs write the letters of their own encoding into headers, as the standard forbids."""
    head = _EMPTY_LINE.split(data, maxsplit=1)[0]
    return data if head.isascii() else decode(head).text.encode("utf-8", "replace") + data[len(head) :]


def _headers(message: EmailMessage) -> str:
    return "\n".join(f"{shown}: {text}" for name, shown in _HEADERS.items() if (text := _header(message, name)))


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = message.get(name, "")
        moment = getattr(value, "datetime", None)
        return f"{moment:%d/%m/%Y %H:%M}" if moment else " ".join(str(value).split())
    except (ValueError, TypeError, LookupError, IndexError, AttributeError):  # of headers that nobody can parse
        return ""


def _texts(part: EmailMessage, read: Read) -> Iterator[str]:
    """The bodies in their order, and with its headers each message that is passed on."""
    kind = part.get_content_type()
    if part.is_multipart():
        inner = [inner for inner in part.get_payload() if isinstance(inner, EmailMessage)]
        if kind == "multipart/alternative":
            yield from _best_of(inner, read)
            return
        if kind == "message/rfc822":
            yield from filter(None, map(_headers, inner))
        for child in inner:
            yield from _texts(child, read)
    elif kind in {"text/plain", "text/html"} and not _filename(part):
        text = _text(part) if kind == "text/plain" else _text_of_page(part, read)
        if text.strip():
            yield text


def _best_of(alternatives: Sequence[EmailMessage], read: Read) -> list[str]:
    """Of the first that can be read; HTML is tried before plain text, as only HTML has tables."""
    problem: ProblemError | None = None
    for part in sorted(alternatives, key=_has_page, reverse=True):
        try:
            if texts := list(_texts(part, read)):
                return texts
        except ProblemError as error:
            problem = error
    if problem:
        raise problem
    return []


def _has_page(part: EmailMessage) -> bool:
    return any(inner.get_content_type() == "text/html" for inner in part.walk())


def _text_of_page(part: EmailMessage, read: Read) -> str:
    try:
        return read(_text(part).encode("utf-8", "replace"), ".html").text
    except ProblemError as error:
        if error.problem is Problem.NO_TEXT:  # a picture, a signature
            return ""
        raise


def _text(part: EmailMessage) -> str:
    return decode(_bytes(part), part.get_content_charset()).text


def _attachments(parts: Sequence[EmailMessage], read: Read, unread: list[str]) -> Iterator[str]:
    """Their names, each with its text and headings below; what cannot be read is noted as `unread`."""
    left = _MOST_ATTACHMENTS_READ
    for part in parts:
        name = _filename(part)
        if not name:
            continue
        yield f"## Anexo: {name}"
        ending = ending_of(name)
        if ending in PICTURES and part.get_content_disposition() != "attachment":
            continue  # a logo, a signature
        if not is_supported(name) or ending == ".eml":
            continue
        if not left or ending in PICTURES:
            unread.append(name)
            continue
        left -= 1
        try:
            text, warning = read(_bytes(part), ending)
        except ProblemError as error:
            text, warning = "", error.problem.value
        unread.extend([name] if warning else [])
        yield _HEADING.sub(r"##\g<0>", text)


def _parts(message: EmailMessage) -> list[EmailMessage]:
    leaves: list[EmailMessage] = []
    for part in message.walk():
        if any(isinstance(defect, _CUT) for defect in part.defects):
            raise ProblemError(Problem.BROKEN, "a part without its end")
        if not part.is_multipart():
            leaves.append(part)
        if len(leaves) > _MOST_PARTS:
            raise ProblemError(Problem.TOO_COMPLICATED, "too many parts")
    return leaves


def _filename(part: EmailMessage) -> str:
    try:
        return " ".join((part.get_filename() or "").split())
    except (ValueError, TypeError, LookupError, AttributeError):
        return ""


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""

"""Stored e-mails (RFC 5322, .eml): who wrote what to whom, and the text of what is attached."""

import email
import email.policy
from collections.abc import Callable, Iterator
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.message import EmailMessage

from app.knowledge.extraction.decoding import decode, is_text
from app.knowledge.extraction.formats import PICTURES, ending_of, is_supported
from app.knowledge.extraction.problems import Problem, ProblemError

_HEADERS = ("Subject", "From", "To", "Cc", "Date")
_CUT = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
_MOST_PARTS = 200
_MOST_ATTACHMENTS_READ = 10

Read = Callable[[bytes, str], str]


def read_mail(data: bytes, read: Read) -> str:
    """Headers, text and attachments; `read` gives the text of an attachment by its bytes and ending."""
    if not is_text(data):
        raise ProblemError(Problem.BROKEN, "no text")
    message = email.message_from_bytes(data, policy=email.policy.default)
    headers = [f"{name}: {text}" for name in _HEADERS if (text := _header(message, name))]
    if not headers:
        raise ProblemError(Problem.BROKEN, "no headers of an e-mail")
    return "\n".join([*headers, "", _body(message, read), "", *_attachments(message, read)])


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, TypeError, LookupError, IndexError, AttributeError):  # of headers that nobody can parse
        return ""


def _body(message: EmailMessage, read: Read) -> str:
    """The plain text; where there is none, that of the HTML."""
    parts = [part for part in _parts(message) if not _filename(part)]
    for kind in ("text/plain", "text/html"):
        texts = [_text(part) for part in parts if part.get_content_type() == kind]
        text = "\n\n".join(filter(str.strip, texts))
        if text:
            return text if kind == "text/plain" else read(text.encode("utf-8", "replace"), ".html")
    return ""


def _text(part: EmailMessage) -> str:
    data = _bytes(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, ValueError):
        return decode(data)


def _attachments(message: EmailMessage, read: Read) -> Iterator[str]:
    """Their names, each with its text where that can be read; text in pictures is not recognised."""
    left = _MOST_ATTACHMENTS_READ
    for part in _parts(message):
        name = _filename(part)
        if not name:
            continue
        yield f"## Attachment: {name}"
        ending = ending_of(name)
        if left and is_supported(name) and ending not in PICTURES | {".eml"}:
            left -= 1
            try:
                yield read(_bytes(part), ending)
            except ProblemError as error:
                yield f"({error.problem.value})"


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

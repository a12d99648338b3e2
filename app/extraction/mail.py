"""Stored e-mails (RFC 5322, .eml): who wrote what to whom, and the text of what is attached."""

import email
import email.policy
import re
from collections.abc import Callable, Iterator, Sequence
from email.errors import CloseBoundaryNotFoundDefect, MultipartInvariantViolationDefect
from email.message import EmailMessage

from app.domain.file_text import FileText
from app.extraction.decoding import decode, is_text
from app.extraction.formats import PICTURES, ending_of, is_supported
from app.extraction.mail_bytes import part_bytes
from app.extraction.problems import Problem, ProblemError
from app.extraction.warning_text import joined, named

_HEADERS = {"Subject": "Assunto", "From": "De", "To": "Para", "Cc": "Cc", "Date": "Data"}
"""As customers may be told them."""
_CUT = (CloseBoundaryNotFoundDefect, MultipartInvariantViolationDefect)
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_BLANK = b"\xef\xbb\xbf \t\r\n"
_MOST_PARTS = 200
_CUT_OFF = "The mail is cut off or its parts are not told apart: something of its end may be missing."
_DAMAGED = "A part of the mail's text is damaged: something of it may be missing."
_HEADING = re.compile(r"^#{1,4} ", re.MULTILINE)
_MOST_ATTACHMENTS_READ = 10

Read = Callable[[bytes, str], FileText]


def read_mail(data: bytes, read: Read) -> FileText:
    """Headers, text and attachments; `read` gives the text of an attachment by its bytes and ending.

    The warning names attachments whose text is not in it, as that of pictures never is, and tells what of the mail
    is cut off or damaged. Raises `ProblemError` where nothing of it can be read.
    """
    if not is_text(data):
        raise ProblemError(Problem.BROKEN, "no text")
    message = email.message_from_bytes(_with_headers_in_utf8(data.lstrip(_BLANK)), policy=email.policy.default)
    headers = _headers(message)
    if not headers:
        raise ProblemError(Problem.BROKEN, "no headers of an e-mail")
    parts = _parts(message)
    mail = _Mail(read)
    texts = "\n\n".join(mail.texts(message))
    lines = [headers, "", texts, "", *mail.attachments(parts)]
    if mail.problem and not texts:
        raise mail.problem
    cut = any(isinstance(defect, _CUT) for part in message.walk() for defect in part.defects)
    return FileText("\n".join(lines), joined(_CUT_OFF if cut else None, *mail.warnings()))


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


class _Mail:
    """Reads the parts of a mail, and notes what could not be read."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._unread: list[str] = []
        self._decoding: list[str | None] = []
        self.problem: ProblemError | None = None

    def warnings(self) -> list[str | None]:
        """What to tell the owner."""
        unread = f"Attachments that were not read: {named(self._unread)}. Upload them by themselves."
        body = (
            f"A part of the mail's text could not be read. {self.problem.problem.value}" if self.problem else None
        )
        return [body, *self._decoding, unread if self._unread else None]

    def texts(self, part: EmailMessage) -> Iterator[str]:
        """The bodies in their order, and with its headers each message that is passed on."""
        kind = part.get_content_type()
        if part.is_multipart():
            inner = [inner for inner in part.get_payload() if isinstance(inner, EmailMessage)]
            if kind == "multipart/alternative":
                yield from self._best_of(inner)
                return
            if kind == "message/rfc822":
                yield from filter(None, map(_headers, inner))
            for child in inner:
                yield from self.texts(child)
        elif _is_body(part):
            text = self._body(part)
            if text.strip():
                yield text

    def attachments(self, parts: Sequence[EmailMessage]) -> Iterator[str]:
        """Their names, each with its text and headings below; what cannot be read is noted."""
        left = _MOST_ATTACHMENTS_READ
        for part in parts:
            name = _filename(part)
            if not name:
                continue
            yield f"## Anexo: {name}"
            ending = ending_of(name)
            if ending in PICTURES and part.get_content_disposition() != "attachment":
                continue  # a logo, a signature
            if not is_supported(name):
                continue
            if not left or ending in PICTURES:
                self._unread.append(name)
                continue
            left -= 1
            yield _HEADING.sub(r"##\g<0>", self._attachment(part, name, ending))

    def _attachment(self, part: EmailMessage, name: str, ending: str) -> str:
        data, is_damaged = part_bytes(part)
        try:
            text, warning = self._read(data, ending)
        except ProblemError as error:
            text, warning = "", error.problem.value
        self._unread.extend([name] if warning or is_damaged else [])
        return text

    def _best_of(self, alternatives: Sequence[EmailMessage]) -> list[str]:
        """Of the first that can be read; HTML is tried before plain text, as only HTML has tables."""
        before = self.problem
        for part in sorted(alternatives, key=_has_page, reverse=True):
            if texts := list(self.texts(part)):
                self.problem = before
                return texts
        return []

    def _body(self, part: EmailMessage) -> str:
        data, is_damaged = part_bytes(part)
        text, warning = decode(data, _charset(part))
        self._decoding.extend([warning, _DAMAGED if is_damaged else None])
        if part.get_content_type() != "text/html":
            return text
        try:
            page = self._read(text.encode("utf-8", "replace"), ".html")
        except ProblemError as error:
            if error.problem is not Problem.NO_TEXT:  # a picture, a signature
                self.problem = self.problem or error
            return ""
        self._decoding.append(page.warning)
        return page.text


def _is_body(part: EmailMessage) -> bool:
    """Also a multipart message whose parts cannot be told apart, as their boundary is missing."""
    kind = part.get_content_type()
    return (kind in {"text/plain", "text/html"} or part.get_content_maintype() == "multipart") and not _filename(
        part
    )


def _charset(part: EmailMessage) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


def _has_page(part: EmailMessage) -> bool:
    return any(inner.get_content_type() == "text/html" for inner in part.walk())


def _parts(message: EmailMessage) -> list[EmailMessage]:
    leaves: list[EmailMessage] = []
    for part in message.walk():
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

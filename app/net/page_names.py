"""What kind of file a page is, and a name for it."""

import hashlib
import re
from pathlib import PurePosixPath

from app.domain.errors import FetchError
from app.net.urls import Target

_OFFICE = "application/vnd.openxmlformats-officedocument"
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.text": ".odt",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
}
_TEXTS = frozenset({".md", ".csv", ".json"})
_UNNAMED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_OTHER = re.compile(r"[^\w.~-]+")
_MOST_CHARACTERS = 80

ACCEPTED = ", ".join(_ENDINGS)
"""The value of the header `Accept`."""


def ending_of(target: Target, content_type: str) -> str:
    """The ending (".pdf") that goes with a type; raises `FetchError` where nobody could read it.

    Servers know little of the types of files: where they say none or plain text, the path may know better.
    """
    in_path = PurePosixPath(target.url.path).suffix.lower()
    if content_type in _UNNAMED and in_path in _ENDINGS.values():
        return in_path
    if content_type == "text/plain" and in_path in _TEXTS:
        return in_path
    if content_type not in _ENDINGS:
        raise FetchError("What is at this URL is neither a page nor a document.", code="page_type")
    return _ENDINGS[content_type]


def filename_of(target: Target, ending: str) -> str:
    """`loja.com.br_entrega_prazos.html`: host and path, and a hash where they leave out what tells pages apart."""
    url = target.url
    stem = (target.shown_host + url.path).rstrip("/").removesuffix(ending)
    name = _OTHER.sub("-", stem.replace("/", "_")).strip("-.")
    whole = name.replace("_", "/") == stem and not url.query and url.port is None
    if whole and len(name) <= _MOST_CHARACTERS:
        return name + ending
    digest = hashlib.sha256(str(url).encode()).hexdigest()[:8]
    return f"{name[:_MOST_CHARACTERS]}-{digest}{ending}"

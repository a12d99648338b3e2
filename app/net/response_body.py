"""The body of a response, within bounds that also hold after decompression."""

import zlib
from collections.abc import Iterable, Iterator

from app.domain.errors import FetchError

_GZIP = 31  # zlib's window bits for a gzip header and trailer
_STEP = 65_536


def read_body(pieces: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """The bytes of a body with this Content-Encoding.

    Raises `FetchError` where there are more than `max_bytes`, before or after decompression, or none.
    """
    pieces = _bounded(pieces, max_bytes)
    if encoding in {"gzip", "x-gzip"}:
        pieces = _bounded(_unzipped(pieces), max_bytes)
    elif encoding not in {"", "identity"}:
        raise FetchError("The page is compressed in a way nobody asked for.")
    try:
        content = b"".join(pieces)
    except zlib.error:
        raise FetchError("The page is compressed, and damaged.") from None
    if not content.strip():
        raise FetchError("The page is empty.", code="page_empty")
    return content


def too_large(max_bytes: int) -> FetchError:
    """The error for a page that is too large."""
    size = f"{max_bytes // 1024 // 1024} MB" if max_bytes >= 1024 * 1024 else f"{max_bytes} bytes"
    return FetchError(f"The page is larger than {size}.", code="page_too_large")


def _bounded(pieces: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise too_large(max_bytes)
        yield piece


def _unzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """In steps, so that a bomb is never whole in memory; gzip files may have several members (RFC 1952)."""
    member = zlib.decompressobj(_GZIP)
    begun = False
    for piece in pieces:
        waiting = piece
        while waiting:
            if member.eof:
                member = zlib.decompressobj(_GZIP)
            begun = True
            yield member.decompress(waiting, _STEP)
            waiting = member.unused_data if member.eof else member.unconsumed_tail
    if begun and not member.eof:
        raise zlib.error("cut off")

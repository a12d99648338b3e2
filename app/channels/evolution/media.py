"""Files of messages, which Evolution decrypts and sends as Base64 within JSON."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator

from app.channels.evolution.api import headers_of, instance_path, url_of
from app.domain.channels import AssistantChannel, ErrorAction, MediaReference, ProviderError
from app.net.provider_client import ProviderClient

_BEGINNING = re.compile(rb'"base64"\s*:\s*"')
_LONGEST_BEGINNING = 64 * 1024
_REST = 64 * 1024


def file_of(
    client: ProviderClient, channel: AssistantChannel, media: MediaReference, most_bytes: int
) -> Iterator[bytes]:
    """The bytes of a file as they come; raises `ProviderError`, also when there are more than `most_bytes`."""
    path = instance_path(channel, "/chat/getBase64FromMediaMessage")
    body = {"message": {"key": {"id": media.reference}}, "convertToMp4": False}
    most = most_bytes * 4 // 3 + _LONGEST_BEGINNING + _REST
    size = 0
    for piece in _decoded(client.download(url_of(channel, path), headers_of(channel), most, body=body)):
        size += len(piece)
        if size > most_bytes:
            raise ProviderError(ErrorAction.FAIL, "too_large", f"The file has more than {most_bytes:,} bytes.")
        yield piece


def _decoded(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The value of `base64`, decoded piece by piece. Within JSON, `"base64":"` stands nowhere but before it."""
    held = b""
    for piece in pieces:
        held += piece
        found = _BEGINNING.search(held)
        if found:
            yield from _value(held[found.end() :], pieces)
            return
        if len(held) > _LONGEST_BEGINNING:
            break
    raise _no_file()


def _value(held: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    while b'"' not in held:
        whole = len(held) // 4 * 4
        yield _bytes(held[:whole])
        piece = next(pieces, None)
        if piece is None:
            raise ProviderError(ErrorAction.RETRY, "cut_off", "Evolution API broke off within the file.")
        held = held[whole:] + piece
    yield _bytes(held[: held.index(b'"')])


def _bytes(encoded: bytes) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except binascii.Error:
        raise _no_file() from None


def _no_file() -> ProviderError:
    sentence = (
        "Evolution API has no file for this message. It finds those of messages that it keeps in its database."
    )
    return ProviderError(ErrorAction.FAIL, "no_file", sentence)

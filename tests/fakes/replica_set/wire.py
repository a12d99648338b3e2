"""MongoDB's wire protocol, as far as a driver and a server need it: OP_MSG, and OP_QUERY for the first hello.

https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
"""

import itertools
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

Document = dict[str, Any]

_HEADER = struct.Struct("<iiii")  # length, request id, response to, operation
_OP_REPLY, _OP_QUERY, _OP_MSG = 1, 2004, 2013
_CHECKSUM_PRESENT, _MORE_TO_COME, _EXHAUST_ALLOWED = 1, 1 << 1, 1 << 16
# Nested documents stay as they came, so that a command is passed on byte for byte.
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
_request_ids = itertools.count(1)


class ConnectionClosedError(Exception):
    """The other side has hung up."""


@dataclass(frozen=True, slots=True)
class Message:
    """A command as it came. `is_legacy`: as OP_QUERY; `allows_exhaust`: more than one reply may follow."""

    request_id: int
    command: Document
    is_legacy: bool = False
    wants_reply: bool = True
    allows_exhaust: bool = False


def read_message(stream: BinaryIO) -> Message:
    """The next message; raises `ConnectionClosedError`."""
    length, request_id, _, operation = _HEADER.unpack(_read(stream, _HEADER.size))
    body = _read(stream, length - _HEADER.size)
    if operation == _OP_QUERY:
        namespace_end = body.index(b"\0", 4)
        return Message(request_id, _decode(body[namespace_end + 9 :]), is_legacy=True)
    if operation != _OP_MSG:
        raise ValueError(f"No driver of today sends the operation {operation}.")
    (flags,) = struct.unpack_from("<I", body)
    end = len(body) - (4 if flags & _CHECKSUM_PRESENT else 0)
    return Message(
        request_id,
        _sections(body[4:end]),
        wants_reply=not flags & _MORE_TO_COME,
        allows_exhaust=bool(flags & _EXHAUST_ALLOWED),
    )


def send_reply(
    connection: socket.socket, to: int, document: Mapping[str, Any], *, legacy: bool = False, more: bool = False
) -> int:
    """Answer the message `to`; returns the id of the reply, which the next one answers if `more` is to come."""
    if legacy:
        prefix, operation = struct.pack("<iqii", 8, 0, 0, 1), _OP_REPLY
    else:
        prefix, operation = struct.pack("<IB", _MORE_TO_COME if more else 0, 0), _OP_MSG
    return _send(connection, to, operation, prefix + bson.encode(document))


def call(connection: socket.socket, stream: BinaryIO, command: Mapping[str, Any]) -> Document:
    """Send a command to a server and wait for its reply."""
    _send(connection, 0, _OP_MSG, struct.pack("<IB", 0, 0) + bson.encode(command))
    return read_message(stream).command


def _send(connection: socket.socket, to: int, operation: int, body: bytes) -> int:
    request_id = next(_request_ids)
    connection.sendall(_HEADER.pack(_HEADER.size + len(body), request_id, to, operation) + body)
    return request_id


def _sections(body: bytes) -> Document:
    """The command of a message: its body (kind 0), with the lists that came apart from it (kind 1)."""
    command: Document = {}
    lists: Document = {}
    position = 0
    while position < len(body):
        kind = body[position]
        (size,) = struct.unpack_from("<i", body, position + 1)
        section = body[position + 1 : position + 1 + size]
        position += 1 + size
        if kind == 0:
            command = _decode(section)
        else:
            name_end = section.index(b"\0", 4)
            lists[section[4:name_end].decode()] = bson.decode_all(section[name_end + 1 :], _RAW)
    return command | lists


def _decode(document: bytes) -> Document:
    return dict(bson.decode(document, _RAW))


def _read(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise ConnectionClosedError
    return data

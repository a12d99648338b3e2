"""What is checked in a file that must be a zip, before anything unpacks it."""

import io
import re
import zipfile
import zlib
from copy import copy

from app.extraction.problems import Problem, ProblemError

_ESSENTIAL = {".odt": "content.xml", ".ods": "content.xml", ".epub": "META-INF/container.xml"}
"""Office files have it nowhere in particular: their readers find out whether it is there."""
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError)
"""What is raised where an entry is damaged."""

_ANY = ""
_MOST_BYTES = 300 * 1024 * 1024
_MOST_ENTRIES = 20_000
_RATIO_FROM_BYTES = 50 * 1024 * 1024
_MOST_RATIO = 150
_TEXTS = (".xml", ".xhtml", ".html", ".htm", ".rels", ".opf", ".ncx")
_HEAD = 65536
_AT_ONCE = 1024 * 1024
_NESTED_ENTITY = re.compile(rb"<!ENTITY[^>]{1,200}&\w+;")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOCKS_OF_BOOKS = {"META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml"}


def check_archive(data: bytes, ending: str) -> None:
    """Raise `ProblemError` unless this is a zip of the right kind, unencrypted and of a sane unpacked size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist())
            _check_encryption(archive)
            _check_texts(archive)
            if _ESSENTIAL.get(ending, _ANY) not in {_ANY, *archive.namelist()}:
                raise ProblemError(Problem.BROKEN, f"no {_ESSENTIAL[ending]} inside")
    except (*DAMAGE, NotImplementedError, RuntimeError, ValueError) as error:
        raise ProblemError(_problem_without_zip(data), repr(error)) from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Sizes are what the archive claims; `_check_texts` finds out whether it lies."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    bomb = unpacked > _RATIO_FROM_BYTES and unpacked > _MOST_RATIO * packed
    if bomb or unpacked > _MOST_BYTES or len(entries) > _MOST_ENTRIES:
        raise ProblemError(Problem.TOO_COMPLICATED, f"{len(entries)} entries, {packed} -> {unpacked} bytes")


def _check_encryption(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    locked = any(entry.flag_bits & 1 for entry in archive.infolist()) or names & _LOCKS_OF_BOOKS
    manifest = "META-INF/manifest.xml"
    if locked or (manifest in names and b"encryption-data" in archive.read(manifest)):
        raise ProblemError(Problem.ENCRYPTED)


def _check_texts(archive: zipfile.ZipFile) -> None:
    """Unpack them as far as they claim to reach; damaged ones are left to the readers, liars are refused."""
    for entry in archive.infolist():
        if not entry.filename.lower().endswith(_TEXTS):
            continue
        head = b""
        try:
            with archive.open(entry) as part:
                head = part.read(_HEAD)
                while part.read(_AT_ONCE):
                    pass
        except DAMAGE:
            if _is_larger_than_claimed(archive, entry):
                raise
        if has_entity_bomb(head):
            raise ProblemError(Problem.TOO_COMPLICATED, "entities made of entities")


def _is_larger_than_claimed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether an entry goes on behind its end, as in a bomb that says it is small."""
    longer = copy(entry)
    longer.file_size = entry.file_size + _AT_ONCE  # at its end zipfile cuts off, and compares the checksum
    left = entry.file_size + 1
    try:
        with archive.open(longer) as part:
            while left > 0 and (chunk := part.read(min(left, _AT_ONCE))):
                left -= len(chunk)
    except DAMAGE:
        return False
    return left <= 0


def has_entity_bomb(head: bytes) -> bool:
    """Whether the beginning of an XML or HTML text defines entities by other entities, as no honest one does."""
    return bool(_NESTED_ENTITY.search(head[:_HEAD]))


def _problem_without_zip(data: bytes) -> Problem:
    """Office wraps what it encrypts into the container of its older formats."""
    if not data.startswith(_OLE):
        return Problem.BROKEN
    return Problem.ENCRYPTED if _OLE_ENCRYPTED in data else Problem.OLD_FORMAT

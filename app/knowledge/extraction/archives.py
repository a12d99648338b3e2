"""What is checked in a file that must be a zip, before anything unpacks it."""

import io
import zipfile

from app.knowledge.extraction.problems import Problem, ProblemError

_PARTS = {
    ".docx": "word/",
    ".pptx": "ppt/",
    ".xlsx": "xl/",
    ".odt": "content.xml",
    ".ods": "content.xml",
    ".epub": "META-INF/container.xml",
}
ZIPPED = frozenset(_PARTS)

_MOST_BYTES = 300 * 1024 * 1024
_MOST_ENTRIES = 20_000
_RATIO_FROM_BYTES = 50 * 1024 * 1024
_MOST_RATIO = 150
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOCKS_OF_BOOKS = {"META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml"}


def check_archive(data: bytes, ending: str) -> None:
    """Raise `ProblemError` unless this is a zip of the right kind, unencrypted and of a sane unpacked size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist())
            _check_encryption(archive)
            if not any(name.startswith(_PARTS[ending]) for name in archive.namelist()):
                raise ProblemError(Problem.BROKEN, f"no {_PARTS[ending]} inside")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise ProblemError(_problem_without_zip(data), repr(error)) from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Sizes are what the archive claims; one that lies runs into the limit of memory instead."""
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


def _problem_without_zip(data: bytes) -> Problem:
    """Office wraps what it encrypts into the container of its older formats."""
    if not data.startswith(_OLE):
        return Problem.BROKEN
    return Problem.ENCRYPTED if _OLE_ENCRYPTED in data else Problem.OLD_FORMAT

"""Whether a file is an archive, and whole; nothing of it is believed before."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from pydantic import ValidationError

from app.archive.manifest import BLOCK_BYTES, MANIFEST, ArchiveError, Manifest, Member

_MAX_MANIFEST_BYTES = 256 * 1024 * 1024
_ENCRYPTED = 0x1  # bit of ZipInfo.flag_bits


@contextmanager
def damage_reported() -> Iterator[None]:
    """Turn what a broken ZIP file makes the library raise into an `ArchiveError`."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise ArchiveError(f"The archive is damaged, or was not made by an export: {error}.") from None


def read_manifest(archive: zipfile.ZipFile) -> tuple[Manifest, str]:
    """The manifest and its SHA-256, which stands for the whole archive. Raises `ArchiveError`."""
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        raise ArchiveError("The file is not an export: it has no manifest.") from None
    if info.file_size > _MAX_MANIFEST_BYTES:
        _damaged(MANIFEST)
    raw = archive.read(info)
    try:
        return Manifest.model_validate_json(raw), hashlib.sha256(raw).hexdigest()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["loc"] == ("format",):
            raise ArchiveError("The export was made by another version that writes another format.") from None
        raise ArchiveError("The manifest of the archive is damaged.") from None


def verify_members(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Unpack everything once, no byte more than the manifest tells, and compare. Raises `ArchiveError`."""
    names = archive.namelist()
    expected = manifest.members
    if len(set(names)) != len(names) or set(names) != {MANIFEST, *expected}:
        raise ArchiveError("The archive is damaged: it does not hold what its manifest lists.")
    for name, member in expected.items():
        _verify_member(archive, archive.getinfo(name), member)


def _verify_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: Member) -> None:
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    if is_link or info.flag_bits & _ENCRYPTED or info.file_size != member.bytes:
        _damaged(info.filename)
    digest = hashlib.sha256()
    with archive.open(info) as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
    if digest.hexdigest() != member.sha256:
        _damaged(info.filename)


def _damaged(name: str) -> NoReturn:
    raise ArchiveError(f"The archive is damaged: {name} is not what the manifest says.")

"""What is in the documents folder and is nobody's document."""

from collections.abc import Iterator
from pathlib import Path

from app.domain.ids import is_id
from app.storage.folders import entries

_OWN = (".staged", ".lock", ".deleted-", ".gitkeep")
_BESIDE = "Only prompt.txt and the folder knowledge are read here."


def skipped_entries(root: Path) -> Iterator[tuple[str, str]]:
    """Each entry that is left alone, as people are told its path, and why; our own files are not named."""
    for path, reason in _skipped(root):
        yield f"documents/{path.relative_to(root)}", reason


def _skipped(root: Path) -> Iterator[tuple[Path, str]]:
    for entry in _of_others(root):
        if is_id(entry.name) and entry.is_dir():
            yield from _skipped_of_assistant(entry)
        else:
            yield entry, "It is not the folder of an assistant, which is named by its id."


def _skipped_of_assistant(folder: Path) -> Iterator[tuple[Path, str]]:
    for entry in _of_others(folder):
        if entry.name == "knowledge" and entry.is_dir():
            yield from ((file, reason) for file in _of_others(entry) if (reason := why_skipped(file)))
        elif reason := why_skipped(entry) if entry.name == "prompt.txt" else _BESIDE:
            yield entry, reason


def why_skipped(path: Path) -> str:
    """Why this entry cannot be a document ("": it can)."""
    if path.is_symlink():
        return "Links are not followed."
    if path.is_dir():
        return "Folders in here are not read."
    if path.name.startswith("."):
        return "Hidden files are not read."
    return "" if path.is_file() else "It is not a file."


def _of_others(folder: Path) -> list[Path]:
    return [entry for entry in entries(folder) if not entry.name.startswith(_OWN)]

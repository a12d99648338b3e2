"""Files of customers' messages, taken in."""

import errno
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from app.domain.channels import (
    AssistantChannel,
    ChannelEvent,
    ChannelKind,
    ErrorAction,
    EventKind,
    MediaKind,
    MediaReference,
    ProviderError,
)
from app.domain.errors import DiskFullError, ModelUnavailableError, UnavailableError
from app.domain.inbox import InboxItem
from app.domain.media import TakenMedia, media_id
from app.services.channels.media_intake import MediaIntake, MediaRules
from app.services.channels.media_quota import MediaQuota
from app.services.channels.message_texts import text_of
from app.storage.media import MediaFolder

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CHANNEL = AssistantChannel("ch", "a", "o", ChannelKind.TELEGRAM, "n", "w", NOW)
FILES: dict[str, Any] = {
    "photo": b"\xff\xd8\xff",
    "voice": b"OggS",
    "page": b"<html>",
    "pdf": b"%PDF-",
    "big": b"a" * 2000,
    "gone": ProviderError(ErrorAction.FAIL, "http_404", "The file is gone."),
    "hangs": ProviderError(ErrorAction.LOOK, "no_answer", "It did not answer in time."),
    "busy": ProviderError(ErrorAction.RETRY, "http_503", "It is busy."),
    "full": OSError(errno.ENOSPC, "No space left"),
    "broken": OSError(errno.EIO, "Input/output error"),
}


ANY = MediaQuota(MediaFolder(Path("nowhere")), 0)


class Adapter:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def fetch_media(self, channel: AssistantChannel, media: MediaReference) -> Iterable[bytes]:
        self.asked.append(media.reference)
        content = FILES[media.reference]
        if isinstance(content, Exception):
            raise content
        return iter([content])


class Speech:
    def __init__(self, said: str | None) -> None:
        self.said = said

    def transcribe(self, assistant_id: str, recording: Path, seconds: float) -> str:
        if self.said is None:
            raise ModelUnavailableError("Busy.")
        return self.said


class Rows:
    """Remembers as the inbox does."""

    def __init__(self) -> None:
        self.taken: dict[str, TakenMedia] = {}

    def took(self, item_id: str, taken: TakenMedia) -> TakenMedia:
        return self.taken.setdefault(item_id, taken)


def an_item(*files: tuple[MediaKind, str], text: str = "", attempts: int = 0) -> InboxItem:
    media = tuple(MediaReference(kind, reference, filename="../a/Nota\n1.pdf") for kind, reference in files)
    event = ChannelEvent(EventKind.MESSAGE, "r", text=text, media=media)
    return InboxItem("item", "ch", "a", "c", "e", "1", "s", event, NOW, NOW, NOW, attempts)


def take(
    folder: Path, *files: tuple[MediaKind, str], said: str | None = "Oi!", sees: bool = True, **fields: Any
) -> tuple[InboxItem, TakenMedia]:
    transcriber = fields.pop("transcriber", Speech(said))
    adapters = {ChannelKind.TELEGRAM: cast(Any, Adapter())}
    intake = MediaIntake(Rows(), MediaFolder(folder), transcriber, adapters, MediaRules(1000, sees), quota=ANY)
    item = intake.take(CHANNEL, an_item(*files, **fields))
    assert item.taken is not None
    return item, item.taken


def test_caption_voice_and_picture_go_together(tmp_path: Path) -> None:
    item, taken = take(tmp_path, (MediaKind.VOICE, "voice"), (MediaKind.IMAGE, "photo"), text="Veja")

    assert text_of(item) == "Veja\n[áudio transcrito] Oi!"
    assert [media.content_type for media in taken.files] == ["audio/ogg", "image/jpeg"]
    assert [media.filename for media in taken.files] == ["Nota1.pdf"] * 2
    assert not taken.needs_person
    assert (tmp_path / "a" / "c" / media_id("item", 0)).read_bytes() == b"OggS"


@pytest.mark.parametrize(
    ("kind", "reference", "options", "error"),
    [
        (MediaKind.DOCUMENT, "pdf", {}, None),
        (MediaKind.STICKER, "photo", {}, None),
        (MediaKind.IMAGE, "photo", {"sees": False}, None),
        (MediaKind.IMAGE, "page", {}, None),
        (MediaKind.VOICE, "voice", {"transcriber": None}, None),
        (MediaKind.VOICE, "voice", {"said": None}, "Busy."),
        (MediaKind.VOICE, "voice", {"said": ""}, "Nothing is said in the recording."),
        (MediaKind.VOICE, "pdf", {}, "The file is no recording, whatever its sender says."),
    ],
)
def test_what_this_service_cannot_read_is_kept_for_a_person(
    tmp_path: Path, kind: MediaKind, reference: str, options: dict[str, Any], error: str | None
) -> None:
    item, taken = take(tmp_path, (kind, reference), **options)

    (media,) = taken.files
    assert (taken.needs_person, media.kept, media.transcript, media.error) == (True, True, None, error)
    assert (tmp_path / "a" / "c" / media.id).read_bytes() == FILES[reference]
    assert text_of(item).startswith("[")


@pytest.mark.parametrize(
    ("reference", "attempts", "error"),
    [
        ("gone", 0, "The file is gone."),
        ("big", 0, "The file has more than 1,000 bytes."),
        ("hangs", 1, "It did not answer in time."),
        ("busy", 2, "It is busy."),
        ("full", 2, DiskFullError().message),
        ("broken", 2, "The file could not be written on the disk of this service."),
    ],
)
def test_what_cannot_be_had_says_why_and_spares_its_neighbours(
    tmp_path: Path, reference: str, attempts: int, error: str
) -> None:
    files = (MediaKind.IMAGE, reference), (MediaKind.IMAGE, "photo")
    _, taken = take(tmp_path, *files, attempts=attempts)

    assert [(one.kept, one.url is None, one.error) for one in taken.files] == [
        (False, True, error),
        (True, False, None),
    ]
    assert taken.needs_person
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["item-1"]


@pytest.mark.parametrize(("reference", "attempts"), [("hangs", 0), ("busy", 1), ("full", 1), ("broken", 1)])
def test_what_may_pass_is_tried_again(tmp_path: Path, reference: str, attempts: int) -> None:
    with pytest.raises(UnavailableError):
        take(tmp_path, (MediaKind.IMAGE, reference), attempts=attempts)


def test_without_room_on_the_disk_nothing_is_written(tmp_path: Path) -> None:
    def no_room() -> None:
        raise DiskFullError("DATA_DIR")

    adapters = {ChannelKind.TELEGRAM: cast(Any, Adapter())}
    folder = MediaFolder(tmp_path / "media", no_room)
    intake = MediaIntake(Rows(), folder, None, adapters, MediaRules(1000, sees_images=True), quota=ANY)

    taken = intake.take(CHANNEL, an_item((MediaKind.IMAGE, "photo"), attempts=2)).taken

    assert taken is not None
    assert [(one.kept, one.error) for one in taken.files] == [(False, DiskFullError().message)]
    assert not (tmp_path / "media").exists()


def test_files_are_fetched_once(tmp_path: Path) -> None:
    adapter, rows = Adapter(), Rows()
    adapters = {ChannelKind.TELEGRAM: cast(Any, adapter)}
    intake = MediaIntake(rows, MediaFolder(tmp_path), None, adapters, MediaRules(1000, sees_images=True), quota=ANY)

    item = intake.take(CHANNEL, an_item((MediaKind.IMAGE, "photo")))
    again = intake.take(CHANNEL, item)  # as it is read from its row after a crash

    assert again == item
    assert adapter.asked == ["photo"]
    # A crash before the row was written: the same file again, under the same name, and what was first counts.
    rows.taken["item"] = TakenMedia((), needs_person=True)
    assert intake.take(CHANNEL, replace(item, taken=None)).taken == rows.taken["item"]
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["item-0"]


@pytest.mark.parametrize(("there", "fetched"), [(2**20, []), (2**20 - 500, ["big"])])
def test_beyond_the_quota_a_file_is_not_kept_and_says_why(tmp_path: Path, there: int, fetched: list[str]) -> None:
    folder, adapter, refused = MediaFolder(tmp_path), Adapter(), list[str]()
    folder.write("a", "other", "earlier-0", [b"a" * there], 2**21)
    adapters, rules = {ChannelKind.TELEGRAM: cast(Any, adapter)}, MediaRules(5_000, sees_images=True)
    intake = MediaIntake(
        Rows(), folder, None, adapters, rules, quota=MediaQuota(folder, 1), on_refused=refused.append
    )

    item = intake.take(CHANNEL, an_item((MediaKind.IMAGE, "big"), text="Veja"))

    assert item.taken is not None
    (media,) = item.taken.files
    assert (media.kept, item.taken.needs_person, text_of(item)) == (False, True, "Veja")
    assert media.error == (
        "The files of this assistant's customers have 1 MB in all, which is the most; no more are kept."
    )
    assert (adapter.asked, refused) == (fetched, ["quota"])

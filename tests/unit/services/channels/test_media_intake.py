"""Files of customers' messages, taken in."""

from collections.abc import Iterable
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
from app.domain.errors import ModelUnavailableError
from app.services.channels.media_intake import MediaIntake, TakenMedia
from app.storage.media import MediaFolder

CHANNEL = AssistantChannel("ch", "a", "o", ChannelKind.TELEGRAM, "n", "w", datetime(2026, 1, 1, tzinfo=UTC))
CONTENTS = {"photo": b"\xff\xd8\xff", "voice": b"OggS", "page": b"<html>", "pdf": b"%PDF-", "big": b"a" * 2000}


class Adapter:
    def fetch_media(self, channel: AssistantChannel, media: MediaReference) -> Iterable[bytes]:
        if media.reference not in CONTENTS:
            raise ProviderError(ErrorAction.FAIL, "http_404", "The file is gone.")
        return iter([CONTENTS[media.reference]])


class Speech:
    def __init__(self, said: str | None) -> None:
        self.said = said

    def transcribe(self, audio: bytes, seconds: float) -> str:
        if self.said is None:
            raise ModelUnavailableError("Busy.")
        return self.said


def take(
    folder: Path, *files: tuple[MediaKind, str], said: str | None = "Oi!", text: str = "", **options: Any
) -> TakenMedia:
    values = {"transcriber": Speech(said), "sees_images": True, "most_bytes": 1000, **options}
    media = tuple(MediaReference(kind, reference) for kind, reference in files)
    event = ChannelEvent(EventKind.MESSAGE, "r", text=text, media=media)
    return MediaIntake(MediaFolder(folder), **values).take(CHANNEL, "c", cast(Any, Adapter()), event)


def test_caption_voice_and_picture_go_together(tmp_path: Path) -> None:
    taken = take(tmp_path, (MediaKind.VOICE, "voice"), (MediaKind.IMAGE, "photo"), text="Veja")

    assert taken.text == "Veja\n[áudio transcrito] Oi!"
    assert [image.content for image in taken.images] == [CONTENTS["photo"]]
    assert [media.content_type for media in taken.files] == ["audio/ogg", "image/jpeg"]
    assert not taken.needs_person
    assert (tmp_path / "a" / "c" / taken.files[0].id).read_bytes() == b"OggS"


@pytest.mark.parametrize(
    ("kind", "reference", "options"),
    [
        (MediaKind.DOCUMENT, "pdf", {}),
        (MediaKind.IMAGE, "photo", {"sees_images": False}),
        (MediaKind.IMAGE, "page", {}),
        (MediaKind.VOICE, "voice", {"transcriber": None}),
        (MediaKind.VOICE, "voice", {"said": ""}),
        (MediaKind.VOICE, "voice", {"said": None}),
    ],
)
def test_what_cannot_be_read_is_kept_for_a_person(
    tmp_path: Path, kind: MediaKind, reference: str, options: dict[str, Any]
) -> None:
    taken = take(tmp_path, (kind, reference), **options)

    assert (taken.needs_person, taken.images, taken.text) == (True, (), "")
    assert taken.files[0].kept
    assert (tmp_path / "a" / "c" / taken.files[0].id).exists()


@pytest.mark.parametrize(
    ("reference", "error"), [("gone", "The file is gone."), ("big", "The file has more than 1,000 bytes.")]
)
def test_what_cannot_be_had_spares_its_neighbours(tmp_path: Path, reference: str, error: str) -> None:
    taken = take(tmp_path, (MediaKind.IMAGE, reference), (MediaKind.IMAGE, "photo"))

    assert (taken.files[0].kept, taken.files[0].error) == (False, error)
    assert (taken.needs_person, len(taken.images)) == (True, 1)


def test_a_fifth_picture_is_for_a_person(tmp_path: Path) -> None:
    taken = take(tmp_path, *[(MediaKind.IMAGE, "photo")] * 5)
    assert (len(taken.images), taken.needs_person) == (4, True)

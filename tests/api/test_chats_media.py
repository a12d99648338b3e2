"""GET /chats/media/<id>, and where the files of chats go when these go."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.channels.stored import stored_media
from tests.api.house import BAD_IDS, Caller, House, assert_same_not_found

JPEG = b"\xff\xd8\xff\xe0" + b"a" * 100


@pytest.fixture
def chat(house: House, assistant: dict[str, Any]) -> dict[str, Any]:
    return house.gateway(assistant["api_key"]).chat("Oi")


def kept(house: House, chat: dict[str, Any]) -> list[Path]:
    """The files of the chat's assistant."""
    return [one for one in (house.data / "media" / chat["assistant_id"]).rglob("*") if one.is_file()]


def test_a_chat_tells_of_its_files_and_they_are_had_by_their_urls(
    ana: Caller, house: House, chat: dict[str, Any]
) -> None:
    stored = stored_media(house, chat["_id"], JPEG, filename="Nota nº 1.jpg", transcript="Oi")

    (media,) = (ana.get(f"/chats/get/{chat['_id']}").json or {})["media"]
    response = ana.get(media["url"])

    assert media == {
        "id": stored.id,
        "kind": "image",
        "type": "image/jpeg",
        "name": "Nota nº 1.jpg",
        "bytes": len(JPEG),
        "transcript": "Oi",
        "url": f"/chats/media/{stored.id}",
        "error": None,
    }
    assert (response.status_code, response.mimetype, response.data) == (200, "image/jpeg", JPEG)
    assert response.headers["Content-Disposition"].startswith("inline; filename=")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    again = ana.get(media["url"], headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b'<svg onload="alert(1)">', b"%PDF-1.7"])
def test_what_is_no_picture_sound_or_video_is_never_shown_in_place(
    ana: Caller, house: House, chat: dict[str, Any], content: bytes
) -> None:
    stored = stored_media(house, chat["_id"], content, filename="foto.html")

    response = ana.get(f"/chats/media/{stored.id}")

    assert response.mimetype in {"application/octet-stream", "application/pdf"}
    assert response.headers["Content-Disposition"] == "attachment; filename=foto.html"


def test_a_file_that_could_not_be_had_or_is_gone_is_404(
    ana: Caller, bruno: Caller, house: House, chat: dict[str, Any]
) -> None:
    failed = stored_media(house, chat["_id"], kept=False, error="The file is gone.")
    (media,) = (ana.get(f"/chats/get/{chat['_id']}").json or {})["media"]
    answers = [ana.get(f"/chats/media/{failed.id}")]
    stored = stored_media(house, chat["_id"])
    answers += [bruno.get(f"/chats/media/{stored.id}"), *(ana.get(f"/chats/media/{bad}") for bad in BAD_IDS)]
    kept(house, chat)[0].unlink()
    answers.append(ana.get(f"/chats/media/{stored.id}"))

    assert (media["url"], media["error"]) == (None, "The file is gone.")
    assert_same_not_found(answers)


def test_files_are_erased_with_their_conversation(ana: Caller, house: House, chat: dict[str, Any]) -> None:
    stored_media(house, chat["_id"])
    (conversation,) = ana.get("/conversations/list").json or []

    receipt = ana.delete(f"/conversations/delete/{conversation['_id']}").json or {}

    assert receipt["erased"]["media"] == 1
    assert kept(house, chat) == []


def test_files_go_with_their_assistant(ana: Caller, house: House, chat: dict[str, Any]) -> None:
    stored_media(house, chat["_id"])
    assert kept(house, chat)

    ana.delete(f"/assistants/delete/{chat['assistant_id']}")

    assert kept(house, chat) == []


def test_files_go_when_the_conversation_has_been_kept_long_enough(
    ana: Caller, house: House, chat: dict[str, Any]
) -> None:
    ana.put(f"/assistants/update/{chat['assistant_id']}", {"retention_days": 30})
    stored_media(house, chat["_id"])

    house.clock.offset += timedelta(days=31)
    house.sweep()

    assert kept(house, chat) == []


def test_the_sweep_deletes_files_that_no_chat_has(house: House, chat: dict[str, Any]) -> None:
    stored = stored_media(house, chat["_id"])
    (file,) = kept(house, chat)
    orphan = file.with_name(f"{chat['_id'][:-1]}z-0")
    orphan.write_bytes(JPEG)
    for one in (file, orphan):
        os.utime(one, (0, 0))

    house.clock.offset += timedelta(days=2)
    house.sweep()

    assert [one.name for one in kept(house, chat)] == [stored.id]

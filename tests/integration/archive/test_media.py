"""Files of customers are carried with the messages that tell of them."""

import stat
from pathlib import Path

import pytest
from bson import ObjectId
from pymongo.database import Database

from app.archive import ArchiveError
from app.domain.rows import Row
from tests.fakes.database import scratch_database
from tests.integration.archive.helpers import (
    ASSISTANT,
    exported,
    file_lines,
    files_in,
    lines_of,
    made_of,
    media_of,
    take,
)

PICTURE, VOICE = b"\xff\xd8\xff" + b"a" * 3_000_000, b"OggS"
OF_ASSISTANT = {"assistant_id": ObjectId(ASSISTANT)}


def kept_in(root: Path) -> dict[str, bytes]:
    return files_in(media_of(root))


@pytest.fixture
def talk(target: Database[Row], folder: Path) -> str:
    """A conversation with a picture and a recording, and a message whose file waits in the inbox; its folder."""
    conversation = {**OF_ASSISTANT, "conversation_id": ObjectId()}
    target["assistants"].insert_one({"_id": ObjectId(ASSISTANT), "state": "active"})
    target["conversations"].insert_one({"_id": conversation["conversation_id"], **OF_ASSISTANT})
    told = [{"id": name, "kept": name != "m-3"} for name in ("m-0", "m-1", "m-2", "m-3", "../../secret")]
    target["chats"].insert_many([{**conversation, "media": told}, {**conversation}])
    waiting = {"files": [{"id": "w-0", "kept": True}]}
    target["inbox"].insert_many([{**conversation, "taken": waiting}, {**conversation}])
    path = f"{ASSISTANT}/{conversation['conversation_id']}"
    (media_of(folder) / path).mkdir(parents=True)
    for name, content in (("m-0", PICTURE), ("m-1", VOICE), ("w-0", b"%PDF-"), ("of nobody", b"x")):
        (media_of(folder) / path / name).write_bytes(content)
    (folder.parent / "secret").write_bytes(b"of the machine")
    return path


def test_they_arrive_for_this_services_user_alone(
    target: Database[Row], folder: Path, talk: str, tmp_path: Path, database_uri: str
) -> None:
    file, elsewhere = exported(target, folder, tmp_path), tmp_path / "elsewhere" / "documents"

    with scratch_database(database_uri) as back:
        counts = take(back, elsewhere, file)

    assert counts.files == 3
    assert kept_in(elsewhere) == {f"{talk}/m-0": PICTURE, f"{talk}/m-1": VOICE, f"{talk}/w-0": b"%PDF-"}
    picture = media_of(elsewhere) / talk / "m-0"
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    assert {stat.S_IMODE(one.stat().st_mode) for one in list(picture.parents)[:3]} == {0o700}
    lines = lines_of(file)
    first = next(number for number, line in enumerate(lines) if line.get("folder") == "media")
    assert first < next(number for number, line in enumerate(lines) if line.get("collection") == "chats")


def test_a_file_that_is_not_as_it_was_is_noticed(target: Database[Row], folder: Path, tmp_path: Path) -> None:
    head, data = file_lines("a/c/m-0", VOICE)
    archive = made_of([{"orquestradora": 2, "secret_key": "1f0c"}, {**head, "folder": "media"}, data], tmp_path)
    (media_of(folder) / "a" / "c").mkdir(parents=True)
    (media_of(folder) / "a" / "c" / "m-0").write_bytes(b"another")

    with pytest.raises(ArchiveError, match="The media folder has another file in the place of a/c/m-0"):
        take(target, folder, archive)
    assert kept_in(folder) == {"a/c/m-0": b"another"}

"""What was deleted is in none of the database's files after a compaction; everything else is as it was."""

import logging
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from app.embedded_database import DatabaseInUseError, EmbeddedDatabase
from app.embedded_database.compaction import MAX_BYTES_AT_START
from app.settings import Settings, load_settings
from app.wiring.database import open_database

MARK = "MARCA-DO-CLIENTE"
KEPT = "fica-na-loja"


def settings_of(data_dir: Path) -> Settings:
    return load_settings(None, data_dir=data_dir, documents_dir=data_dir / "documents")


def mentions(data_dir: Path, text: str) -> list[str]:
    """The database's files in which a text occurs."""
    files = [file for file in (data_dir / "database").rglob("*") if file.is_file()]
    return [file.name for file in files if text.encode() in file.read_bytes()]


def say(uri: str) -> None:
    with MongoClient[dict[str, Any]](uri) as connection:
        chats = connection.shop.chats
        chats.create_index([("keys", 1)], unique=True, partialFilterExpression={"keys": {"$exists": True}})
        chats.create_index("at", expireAfterSeconds=10**9)
        chats.insert_many(
            {"_id": number, "keys": [f"k{number}"], "text": f"{KEPT} {number}"} for number in range(1200)
        )
        chats.insert_many({"text": f"{MARK} {number} {'x' * 300}"} for number in range(300))
        connection.shop.empty.create_index("name")


def state(uri: str) -> tuple[Any, ...]:
    """Everything in the database: rows, indexes, users."""
    with MongoClient[dict[str, Any]](uri) as connection:
        names = sorted(connection.shop.list_collection_names())
        rows = {name: sorted(connection.shop[name].find(), key=lambda row: str(row["_id"])) for name in names}
        indexes = {name: connection.shop[name].index_information() for name in names}
        users = [row["user"] for row in connection.admin["system.users"].find({}, {"user": 1})]
        return rows, indexes, users


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the mark in rows."""
    data_dir = tmp_path_factory.mktemp("made")
    database = EmbeddedDatabase(data_dir)
    say(database.start())
    database.stop()
    return data_dir


@pytest.fixture
def data_dir(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "data")


@pytest.fixture
def erased(data_dir: Path) -> Path:
    """Its folder after the service deleted those rows and was stopped."""
    with ExitStack() as closing:
        opened = open_database(settings_of(data_dir), closing, beside_service=False)
        opened.database.client.shop.chats.delete_many({"text": {"$regex": MARK}})
    return data_dir


def test_deleted_texts_are_gone_at_the_next_start(erased: Path) -> None:
    assert mentions(erased, MARK), "the store would do it by itself"

    with ExitStack() as closing:
        open_database(settings_of(erased), closing, beside_service=False)
        assert mentions(erased, MARK) == []
    assert mentions(erased, MARK) == []
    assert mentions(erased, KEPT)
    assert sorted(path.name for path in (erased / "database").iterdir() if "store" in path.name) == ["store"]


def test_a_command_beside_the_service_compacts_nothing(erased: Path) -> None:
    with ExitStack() as closing:
        open_database(settings_of(erased), closing, beside_service=True)

    assert mentions(erased, MARK)


def test_everything_else_stays(erased: Path) -> None:
    database = EmbeddedDatabase(erased)
    before = state(database.start())
    database.stop()
    database.compact()
    after = state(database.start())
    database.stop()

    assert after == before
    assert len(before[0]["chats"]) == 1200


def test_nothing_is_rewritten_when_nothing_was_deleted(data_dir: Path) -> None:
    store = (data_dir / "database" / "store").stat().st_ino
    with ExitStack() as closing:
        opened = open_database(settings_of(data_dir), closing, beside_service=False)
        attempts = opened.database.client.shop.login_attempts
        attempts.insert_one({"_id": "somebody"})
        attempts.delete_many({})
        opened.database.client.shop.chats.delete_many({"text": "nobody said this"})
    with ExitStack() as closing:
        open_database(settings_of(data_dir), closing, beside_service=False)

    assert (data_dir / "database" / "store").stat().st_ino == store


def test_a_large_store_is_left_to_the_command(erased: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (erased / "database" / "store" / "large.wt").open("wb") as table:
        table.truncate(MAX_BYTES_AT_START + 1)
    with ExitStack() as closing, caplog.at_level(logging.WARNING):
        open_database(settings_of(erased), closing, beside_service=False)
    assert "python -m app compact" in caplog.text
    assert mentions(erased, MARK)

    EmbeddedDatabase(erased).compact()
    assert mentions(erased, MARK) == []


def test_it_needs_a_database_that_is_stopped(data_dir: Path) -> None:
    database = EmbeddedDatabase(data_dir)
    database.start()
    with pytest.raises(DatabaseInUseError):
        EmbeddedDatabase(data_dir).compact()
    database.stop()


def test_a_folder_without_a_database_needs_none(tmp_path: Path) -> None:
    EmbeddedDatabase(tmp_path).compact()

    assert not (tmp_path / "database" / "store").exists()


@pytest.mark.parametrize("moved", ["the old store", "both stores"])
def test_a_replacement_that_was_cut_off_is_finished(data_dir: Path, tmp_path: Path, moved: str) -> None:
    """The new store is complete when the old one is moved away."""
    folder = data_dir / "database"
    (folder / "store").rename(folder / "store.new")
    shutil.copytree(folder / "store.new", folder / "store.old")
    if moved == "both stores":
        (folder / "store.new").rename(folder / "store")
    database = EmbeddedDatabase(data_dir)

    rows, *_ = state(database.start())
    database.stop()

    assert len(rows["chats"]) == 1500
    assert not (folder / "store.old").exists()


def test_a_copy_that_was_cut_off_is_made_anew(erased: Path) -> None:
    (erased / "database" / "store.new").mkdir()
    (erased / "database" / "store.new" / "WiredTiger").write_bytes(b"half")

    EmbeddedDatabase(erased).compact()

    assert mentions(erased, MARK) == []

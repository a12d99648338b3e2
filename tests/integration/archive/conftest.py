"""Databases and folders to export from and to import into."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bson import Decimal128, Int64, ObjectId
from pymongo.database import Database

from app.domain.rows import Row
from tests.fakes.database import running_database, scratch_database
from tests.integration.archive.helpers import ASSISTANT, FILES, MANY, exported

EVERY_TYPE: Row = {
    "_id": "a text id",
    "oid": ObjectId(),
    "when": datetime(2026, 11, 22, 7, 37, 12, 345000, tzinfo=UTC),
    "before_1970": datetime(1911, 1, 1, tzinfo=UTC),
    "bytes": bytes(range(256)),
    "nested": {"list": [1, [2.5, None], {"deep": True}], "empty": {}},
    "text": "São João\u2028\n\t\\\"'\U0001f4e6\x00fim",
    "int32": 2**31 - 1,
    "int64": Int64(2**53 + 1),
    "small_int64": Int64(7),
    "float": 0.1 + 0.2,
    "infinite": float("-inf"),
    "decimal": Decimal128("12.3400"),
}


@pytest.fixture(scope="package")
def database_uri() -> Iterator[str]:
    """A database of their own: what others left open in theirs would keep an embedded one from freeing its cache
    for so many rows at once.
    """
    with running_database() as uri:
        yield uri


@pytest.fixture(scope="module")
def source(database_uri: str) -> Iterator[Database[Row]]:
    with scratch_database(database_uri) as database:
        database["types"].insert_one(EVERY_TYPE)
        database["assistants"].insert_one({"_id": ObjectId(ASSISTANT), "state": "active"})
        database["login_attempts"].insert_one({"_id": "somebody", "count": 3})
        database["empty"].create_index("name")
        yield database


@pytest.fixture(scope="module")
def large_source(database_uri: str) -> Iterator[Database[Row]]:
    with scratch_database(database_uri) as database:
        database["many"].insert_many([{"position": number, "bytes": os.urandom(1536)} for number in range(MANY)])
        database["assistants"].insert_one({"_id": ObjectId(ASSISTANT), "state": "active"})
        yield database


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("documents")
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / ".gitkeep").touch()
    (root / ASSISTANT / ".lock").touch()
    (root / ASSISTANT / ".staged").mkdir()
    (root / ASSISTANT / ".staged" / str(ObjectId())).touch()
    (root / ASSISTANT / "knowledge" / "link.md").symlink_to("/etc/hostname")
    return root


@pytest.fixture(scope="module")
def archive(source: Database[Row], documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(source, documents, tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def large_archive(large_source: Database[Row], documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(large_source, documents, tmp_path_factory.mktemp("large_archive"))


@pytest.fixture
def target(database_uri: str) -> Iterator[Database[Row]]:
    with scratch_database(database_uri) as database:
        yield database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"

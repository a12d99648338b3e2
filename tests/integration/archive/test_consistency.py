"""What is exported while others write names nothing that is not exported, too."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId, json_util
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandListener, CommandSucceededEvent

from app.archive import export_archive
from app.archive.batch import Batch
from app.archive.consistency import ConversationSource, DocumentSource
from app.domain.rows import Row
from tests.api.house import Caller, House, open_house
from tests.fakes.database import scratch_database
from tests.integration.archive.helpers import FINGERPRINT, Progressed, media_of, take

ASSISTANTS, DOCUMENTS, CUSTOMERS = 3, 2, 3
MOST_WRITES = 25


class AfterEachFind(CommandListener):
    """Does something whenever a query was answered, in the thread that asked."""

    def __init__(self) -> None:
        self.act: Callable[[], None] | None = None
        self.times = 0

    def started(self, event: object) -> None:
        """Not asked for."""

    def succeeded(self, event: CommandSucceededEvent) -> None:
        if event.command_name in {"find", "getMore"} and self.act and self.times < MOST_WRITES:
            self.times += 1
            self.act()

    def failed(self, event: object) -> None:
        """Not asked for."""


class Shop:
    """Ana's assistants, and all that people do with them."""

    def __init__(self, house: House) -> None:
        self.ana = house.newcomer("Ana")
        self.house, self.number = house, 0
        self.assistants: list[dict[str, Any]] = []
        for _ in range(ASSISTANTS):
            self.add_assistant()

    def add_assistant(self) -> None:
        assistant = self.ana.make_assistant()
        self.assistants.append(assistant)
        for number in range(DOCUMENTS):
            self.upload(assistant, number)
        self.ana.upload(assistant["_id"], "Seja breve.", "p.txt", "prompt")
        for number in range(CUSTOMERS):
            self.gateway(assistant).chat("Quantos dias?", f"+551198888000{number}")

    def gateway(self, assistant: dict[str, Any]) -> Caller:
        return self.house.gateway(assistant["api_key"])

    def upload(self, assistant: dict[str, Any], number: int) -> None:
        self.number += 1
        text = "\n".join(f"# Parte {part}\nA entrega {self.number} leva {part} dias." for part in range(5))
        self.ana.upload(assistant["_id"], text, f"{number}.md")

    def replace(self) -> None:
        for number in range(DOCUMENTS):
            self.upload(self.assistants[self.number % len(self.assistants)], number)

    def delete_and_add_documents(self) -> None:
        document_id = self.ana.ids("/documents/list?type=rag&limit=1")[0]
        self.ana.delete(f"/documents/delete/{document_id}")
        self.number += 1
        self.upload(self.assistants[0], self.number)

    def write(self) -> None:
        self.number += 1
        for assistant in self.assistants:
            self.gateway(assistant).chat("E para Recife?", f"+55119777{self.number:05d}")

    def erase(self) -> None:
        for conversation_id in self.ana.ids("/conversations/list?limit=2"):
            self.ana.delete(f"/conversations/delete/{conversation_id}")

    def delete_an_assistant(self) -> None:
        if len(self.assistants) == ASSISTANTS:
            doomed = self.assistants.pop()
            self.ana.delete(f"/assistants/delete/{doomed['_id']}")
            self.house.clock.advance(minutes=16)
            self.house.sweep()


@pytest.fixture
def shop(database_uri: str, tmp_path: Path) -> Iterator[Shop]:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path / "house") as house,
    ):
        yield Shop(house)


def exported_while(shop: Shop, uri: str, file: Path, act: Callable[[], None]) -> int:
    """Export, with `act` after each answer of the database; how often that was."""
    listener = AfterEachFind()
    with MongoClient[Row](uri, tz_aware=True, event_listeners=[listener]) as client:
        listener.act = act
        database = client[shop.house.database.name]
        export_archive(
            database,
            shop.house.documents,
            media_of(shop.house.documents),
            file,
            fingerprint=FINGERPRINT,
            progress=Progressed(),
        )
    return listener.times


def dangling(database: Database[Row], documents: Path) -> list[str]:
    """Every reference that leads to nothing."""
    found: list[str] = []
    ids = {name: set(database[name].distinct("_id")) for name in database.list_collection_names()}
    names = {
        "assistants": {"owner_id": "users"},
        "documents": {"assistant_id": "assistants", "owner_id": "users"},
        "editions": {"assistant_id": "assistants", "document_id": "documents"},
        "chunks": {"assistant_id": "assistants", "document_id": "documents"},
        "conversations": {"assistant_id": "assistants", "owner_id": "users"},
        "chats": {
            "assistant_id": "assistants",
            "owner_id": "users",
            "conversation_id": "conversations",
            "merged_into": "chats",
        },
    }
    for name, references in names.items():
        for row in database[name].find():
            found += [
                f"{name} {row['_id']}: no {field}"
                for field, of in references.items()
                if row.get(field) is not None and row[field] not in ids[of]
            ]
    for edition in database["editions"].find():
        missing = set(edition["chunk_ids"]) - ids["chunks"]
        found += [f"edition {edition['_id']}: {len(missing)} chunks are missing"] if missing else []
    for document in database["documents"].find():
        found += [f"document {document['_id']}: {one}" for one in lacking(database, documents, document)]
    return found


def lacking(database: Database[Row], documents: Path, document: Row) -> Iterator[str]:
    """What a document names and has not."""
    for model in document["indexed_models"]:
        wanted = {"document_id": document["_id"], "revision": document["indexed_revision"], "model": model}
        edition = database["editions"].find_one(wanted)
        if edition is None or len(edition["chunk_ids"]) != document["chunks"]:
            yield f"no edition of {model}"
        if database["embedding_models"].find_one({"_id": model}) is None:
            yield f"nothing is known of {model}"
    place = documents / document["filepath"].removeprefix("documents/")
    staged = documents / str(document["assistant_id"]) / ".staged" / str(document["revision"])
    files = [file.read_bytes() for file in (place, staged) if file.is_file()]
    if document["sha256"] not in [hashlib.sha256(content).hexdigest() for content in files]:
        yield "another file"


@pytest.mark.parametrize("first", range(5))
def test_whatever_is_written_after_any_answer_of_the_database(
    first: int, shop: Shop, database_uri: str, tmp_path: Path
) -> None:
    deeds = [shop.replace, shop.write, shop.erase, shop.delete_and_add_documents, shop.delete_an_assistant]
    turns = cycle(deeds[first:] + deeds[:first])
    file = tmp_path / "export.gz"

    def act() -> None:
        next(turns)()

    times = exported_while(shop, database_uri, file, act)

    assert times == MOST_WRITES
    with scratch_database(database_uri) as target:
        counts = take(target, tmp_path / "documents", file)
        assert counts.rows["chats"] > 3
        assert dangling(target, tmp_path / "documents") == []


@pytest.mark.parametrize("deed", ["replace", "write", "erase", "delete_and_add_documents"])
def test_whatever_several_people_do_meanwhile(deed: str, shop: Shop, database_uri: str, tmp_path: Path) -> None:
    file = tmp_path / "export.gz"
    with ThreadPoolExecutor(1) as beside:
        doing = beside.submit(lambda: [getattr(shop, deed)() for _ in range(4)])
        while not doing.done():
            exported_while(shop, database_uri, file, lambda: None)
            folder = tmp_path / str(ObjectId())
            with scratch_database(database_uri) as target:
                take(target, folder, file)
                assert dangling(target, folder) == []
        doing.result()


def read_conversations(shop: Shop, uri: str, act: Callable[[int], None]) -> dict[str, int]:
    """Count what is read of the first assistant's conversations, with `act` after each answer of the database."""
    assistant_id = ObjectId(shop.assistants[0]["_id"])
    listener = AfterEachFind()
    with MongoClient[Row](uri, tz_aware=True, event_listeners=[listener]) as client, Batch() as batch:
        database = client[shop.house.database.name]
        ids = database["conversations"].distinct("_id", {"assistant_id": assistant_id})
        listener.act = lambda: act(listener.times)
        ConversationSource(database).read_into(batch, assistant_id, ids)
        return dict(batch.rows)


@pytest.mark.parametrize("at", [1, 2])
def test_a_conversation_that_is_erased_meanwhile_is_not_carried(at: int, shop: Shop, database_uri: str) -> None:
    erased = shop.ana.ids(f"/conversations/list?assistant_id={shop.assistants[0]['_id']}")[0]

    def erase(times: int) -> None:
        if times == at:
            shop.ana.delete(f"/conversations/delete/{erased}")

    rows = read_conversations(shop, database_uri, erase)

    assert rows == {"conversations": CUSTOMERS - 1, "chats": CUSTOMERS - 1}


def test_a_message_that_another_answers_for_is_not_carried_without_it(shop: Shop, database_uri: str) -> None:
    chats = shop.house.database["chats"]
    first, second = shop.ana.ids(f"/chats/list?assistant_id={shop.assistants[0]['_id']}")[:2]
    chats.update_one({"_id": ObjectId(first)}, {"$set": {"merged_into": ObjectId(second)}})

    def take_away(times: int) -> None:
        if times == 2:
            chats.update_one({"_id": ObjectId(first)}, {"$unset": {"merged_into": ""}})
            chats.delete_one({"_id": ObjectId(second)})

    rows = read_conversations(shop, database_uri, take_away)

    assert rows == {"conversations": CUSTOMERS, "chats": CUSTOMERS - 1}


def test_a_document_that_is_replaced_meanwhile_is_read_again(shop: Shop, database_uri: str) -> None:
    listener = AfterEachFind()
    document = shop.house.database["documents"].find_one({"filename": "0.md"})
    assert document is not None
    assistant = next(one for one in shop.assistants if one["_id"] == str(document["assistant_id"]))

    def replace() -> None:
        if listener.times in {1, 3}:
            shop.upload(assistant, 0)

    with MongoClient[Row](database_uri, tz_aware=True, event_listeners=[listener]) as client, Batch() as batch:
        listener.act = replace
        DocumentSource(client[shop.house.database.name], shop.house.documents).read_into(batch, document["_id"])
        lines = [json_util.loads(line) for line in batch.lines()]

    (row,) = [line["row"] for line in lines if line.get("collection") == "documents"]
    (edition,) = [line["row"] for line in lines if line.get("collection") == "editions"]
    (file,) = [line for line in lines if "file" in line]
    assert row["revision"] != document["revision"]
    assert (edition["revision"], file["sha256"]) == (row["indexed_revision"], row["sha256"])


def test_everything_is_there_when_nobody_writes(shop: Shop, database_uri: str, tmp_path: Path) -> None:
    source, file = shop.house.database, tmp_path / "export.gz"

    exported_while(shop, database_uri, file, lambda: None)

    with scratch_database(database_uri) as target:
        counts = take(target, tmp_path / "documents", file)
        assert dangling(target, tmp_path / "documents") == []
        assert counts.files == ASSISTANTS * (DOCUMENTS + 1)
        for name in ("users", "assistants", "documents", "editions", "chunks", "conversations", "chats"):
            assert counts.rows[name] == source[name].count_documents({}), name


def test_a_document_that_lacks_something_for_good_is_carried_as_it_is(shop: Shop) -> None:
    source = shop.house.database
    document = source["documents"].find_one({"type": "rag"})
    assert document is not None
    source["editions"].delete_many({"document_id": document["_id"]})
    (shop.house.documents / document["filepath"].removeprefix("documents/")).unlink()

    with Batch() as batch:
        DocumentSource(source, shop.house.documents).read_into(batch, document["_id"])

        assert dict(batch.rows) == {"documents": 1}
        assert batch.files == []


def test_a_file_that_was_changed_by_hand_is_carried(shop: Shop) -> None:
    document = shop.house.database["documents"].find_one({"type": "rag"})
    assert document is not None
    place = document["filepath"].removeprefix("documents/")
    (shop.house.documents / place).write_text("By hand.")

    with Batch() as batch:
        DocumentSource(shop.house.database, shop.house.documents).read_into(batch, document["_id"])

        assert batch.files == [place]
        assert batch.rows["documents"] == 1

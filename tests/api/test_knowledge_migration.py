"""Another EMBEDDING_MODEL: the old one answers until the new one knows everything, and going back is instant."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pymongo.database import Database

from app.domain.errors import ModelFailedError, ModelUnavailableError
from app.domain.rows import Row
from tests.api.crowd import wait_until
from tests.api.house import Caller, House, open_house
from tests.fakes.database import scratch_database
from tests.fakes.embedder import HashingEmbedder

PATIENCE_SECONDS = 30
TOPICS = ("entrega", "troca", "garantia", "pagamento", "horário")

Open = Callable[[HashingEmbedder], AbstractContextManager[House]]


class HeldUp(HashingEmbedder):
    """Embeds passages only when it may, and counts them."""

    def __init__(self, dimension: int) -> None:
        super().__init__(dimension)
        self.may, self.count = Event(), 0

    def embed_passages(self, texts: Sequence[str]) -> Any:
        assert self.may.wait(PATIENCE_SECONDS)
        self.count += len(texts)
        return super().embed_passages(texts)


class Refusing(HashingEmbedder):
    """A server whose key was taken away."""

    def embed_passages(self, texts: Sequence[str]) -> Any:
        raise ModelFailedError("The embedding server refused the API key.")


class Unreachable(HashingEmbedder):
    """A server that is down."""

    def embed_query(self, text: str) -> Any:
        raise ModelUnavailableError("The embedding server could not be reached.")

    def embed_passages(self, texts: Sequence[str]) -> Any:
        raise ModelUnavailableError("The embedding server could not be reached.")


@pytest.fixture
def reopen(database_uri: str, tmp_path: Path) -> Any:
    """Starts a service on the same database and folders, with another embedding model."""
    with scratch_database(database_uri) as database:
        yield partial(_open, database, tmp_path)


def _open(database: Database[Row], folder: Path, embedder: HashingEmbedder) -> AbstractContextManager[House]:
    return open_house(database, folder, embedder=embedder)


def begin(house: House) -> tuple[str, str]:
    """Ana, with an assistant that knows something: its id and key."""
    house.register("Ana", "ana@example.com")
    ana = house.sign_in("ana@example.com")
    assistant = ana.make_assistant()
    for topic in TOPICS:
        ana.upload(assistant["_id"], f"Sobre {topic}: a {topic} leva três dias.", f"{topic}.md")
    return assistant["_id"], assistant["api_key"]


def state_of(caller: Caller, assistant_id: str) -> dict[str, Any]:
    return dict(caller.get(f"/assistants/knowledge/{assistant_id}").json or {})


def found(house: House, api_key: str, topic: str) -> list[str]:
    return [one["filename"] for one in house.gateway(api_key).chat(f"Quanto leva a {topic}?")["sources"]][:1]


def wait_until_complete(caller: Caller, assistant_id: str) -> None:
    """Until the new model has embedded everything."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while state_of(caller, assistant_id)["next_model"] is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_old_model_answers_until_the_new_one_is_complete(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, api_key = begin(house)
    new = HeldUp(32)

    with reopen(new) as house:
        ana = house.sign_in("ana@example.com")
        state = state_of(ana, assistant_id)
        assert (state["model"], state["next_model"], state["progress"]) == ("hashing-64", "hashing-32", 0.0)
        assert state["documents"]["ready"] == len(TOPICS)
        assert [found(house, api_key, topic) for topic in TOPICS] == [[f"{topic}.md"] for topic in TOPICS]

        new.may.set()
        wait_until_complete(ana, assistant_id)
        assert house.services.retriever.settle(PATIENCE_SECONDS)

        state = state_of(ana, assistant_id)
        assert (state["model"], state["progress"], state["chunks"]) == ("hashing-32", 1.0, len(TOPICS))
        assert new.count == len(TOPICS)
        assert [found(house, api_key, topic) for topic in TOPICS] == [[f"{topic}.md"] for topic in TOPICS]


def test_the_service_is_ready_as_long_as_the_old_model_answers(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        begin(house)

    with reopen(Unreachable(32)) as house:
        assert house.newcomer("Bea").get("/ready").status_code == 200
        eva = house.newcomer("Eva")

        def is_not_ready_without_tasks() -> bool:
            # An attempt to embed that is under way writes its task again.
            house.database["documents"].update_many({}, {"$set": {"task": None}})
            return eva.get("/ready").status_code == 503

        wait_until(is_not_ready_without_tasks)


def test_a_document_that_comes_meanwhile_is_found_at_once_and_later(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, api_key = begin(house)
    new = HeldUp(32)

    with reopen(new) as house:
        ana = house.sign_in("ana@example.com")
        new.may.set()
        ana.upload(assistant_id, "Sobre estacionamento: a estacionamento leva três dias.", "estacionamento.md")
        assert found(house, api_key, "estacionamento") == ["estacionamento.md"]
        wait_until_complete(ana, assistant_id)
        assert house.services.retriever.settle(PATIENCE_SECONDS)
        assert found(house, api_key, "estacionamento") == ["estacionamento.md"]


def test_going_back_is_instant_and_embeds_nothing(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, api_key = begin(house)
    new = HeldUp(32)
    new.may.set()
    with reopen(new) as house:
        ana = house.sign_in("ana@example.com")
        wait_until_complete(ana, assistant_id)

    with reopen(HeldUp(64)) as house:
        state = state_of(house.sign_in("ana@example.com"), assistant_id)
        assert (state["model"], state["next_model"]) == ("hashing-64", None)
        assert found(house, api_key, "garantia") == ["garantia.md"]


def test_a_third_model_drops_the_embeddings_of_the_first(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, api_key = begin(house)
    for dimension in (32, 16):
        with reopen(HashingEmbedder(dimension)) as house:
            ana = house.sign_in("ana@example.com")
            wait_until_complete(ana, assistant_id)
            wait_until(lambda: not house.rows.queue.has_work())
            house.clock.advance(seconds=1)
            house.sweep()

            models = set(house.database["chunks"].distinct("model"))
            assert models == {f"hashing-{dimension}", f"hashing-{2 * dimension}"}
            assert found(house, api_key, "troca") == ["troca.md"]


def test_what_answers_though_a_new_version_failed_or_was_cancelled_changes_models_too(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, api_key = begin(house)
        ana = house.sign_in("ana@example.com")
        assert ana.upload(assistant_id, b"\0" * 500, "troca.md")["status"] == "failed"

    for dimension in (32, 16, 8):
        with reopen(HashingEmbedder(dimension)) as house:
            ana = house.sign_in("ana@example.com")
            wait_until_complete(ana, assistant_id)
            house.clock.advance(seconds=1)
            house.sweep()
            assert found(house, api_key, "troca") == ["troca.md"]
            (failed,) = [one for one in ana.get("/documents/list").json or [] if one["filename"] == "troca.md"]
            assert (failed["status"], bool(failed["error"])) == ("failed", True)


def test_a_new_version_that_comes_to_nothing_during_the_change_does_not_hold_it_up(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, api_key = begin(house)
    new = HeldUp(32)
    with reopen(new) as house:
        ana = house.sign_in("ana@example.com")
        assert ana.upload(assistant_id, b"\0" * 500, "troca.md")["status"] == "failed"
        long = "\n".join(f"# Item {number}\n{'Sobre a garantia. ' * 40}" for number in range(120))
        document = ana.upload(assistant_id, long, "garantia.md")
        assert ana.put(f"/documents/cancel/{document['_id']}").status_code == 200

        new.may.set()
        house.sweep()
        wait_until_complete(ana, assistant_id)

        assert found(house, api_key, "troca") == ["troca.md"]
        assert found(house, api_key, "garantia") == ["garantia.md"]


def test_a_model_is_kept_as_long_as_a_document_has_no_other(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, _ = begin(house)
        house.database["documents"].update_one({"filename": "troca.md"}, {"$set": {"type": "prompt"}})
    for dimension in (32, 16):
        with reopen(HashingEmbedder(dimension)) as house:
            wait_until_complete(house.sign_in("ana@example.com"), assistant_id)
            house.clock.advance(seconds=1)
            house.sweep()

    with reopen(HashingEmbedder(16)) as house:
        assert "hashing-64" in house.database["chunks"].distinct("model")


def test_uploads_go_on_when_the_old_model_is_gone(reopen: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, api_key = begin(house)
    monkeypatch.setattr("tests.api.house.HashingEmbedder", Refusing)
    new = HeldUp(32)
    with reopen(new) as house:
        ana = house.sign_in("ana@example.com")
        new.may.set()
        document = ana.upload(assistant_id, "Sobre estacionamento: a vaga é grátis.", "estacionamento.md")
        wait_until_complete(ana, assistant_id)

        assert document["status"] == "ready"
        assert found(house, api_key, "estacionamento") == ["estacionamento.md"]


def test_what_a_process_with_the_old_settings_leaves_is_embedded_too(reopen: Open) -> None:
    with reopen(HashingEmbedder(64)) as house:
        assistant_id, _ = begin(house)
    with reopen(HashingEmbedder(32)) as house:
        ana = house.sign_in("ana@example.com")
        wait_until_complete(ana, assistant_id)
        left = {"$set": {"indexed_models": ["hashing-64"], "latest_model": "hashing-64", "task": None}}
        house.database["documents"].update_one({"filename": "troca.md"}, left)
        assert state_of(ana, assistant_id)["next_model"] == "hashing-32"

        house.sweep()
        house.sweep()

        wait_until_complete(ana, assistant_id)

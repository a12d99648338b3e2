"""The collection `embedding_models`, and which documents have embeddings of which model."""

import pytest

from app.domain.documents import Document
from app.domain.embeddings import EmbeddingSetting
from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World


@pytest.fixture
def models() -> tuple[str, str]:
    """An old one and a new one."""
    return f"old-{new_id()}", f"new-{new_id()}"


def publish(rows: Repositories, document: Document, *models: str) -> None:
    lease = rows.queue.claim(document.id)
    assert lease is not None
    assert rows.queue.publish(lease, 1, models, 1)
    rows.queue.give_back(lease)


def listed(rows: Repositories, document: Document) -> tuple[str, ...]:
    found = rows.documents.by_id(document.id)
    assert found is not None
    return found.indexed_models


def test_the_latest_model_comes_first(world: World, rows: Repositories, models: tuple[str, str]) -> None:
    for model in models:
        rows.embedding_models.use(model, EmbeddingSetting(model, "http://127.0.0.1:1", "a key"))
        world.clock.advance(seconds=1)

    assert [one for one in rows.embedding_models.used() if one in models] == list(reversed(models))
    assert rows.embedding_models.setting_of(models[0]) == EmbeddingSetting(models[0], "http://127.0.0.1:1", "a key")
    rows.embedding_models.forget(models[1])
    assert [one for one in rows.embedding_models.used() if one in models] == [models[0]]
    assert rows.embedding_models.setting_of(models[1]) is None


def test_a_model_is_needed_where_no_later_one_is(world: World, rows: Repositories, models: tuple[str, str]) -> None:
    old, new = models
    document = world.document()
    publish(rows, document, old)
    publish(rows, world.document(), new, old)
    assert rows.embedding_models.is_needed(old)

    lease = rows.queue.claim(document.id)
    assert lease is not None
    assert rows.queue.add_model(lease, new)

    assert not rows.embedding_models.is_needed(old)
    assert rows.embedding_models.is_needed(new)


def test_a_model_is_taken_from_the_documents_that_are_named(
    world: World, rows: Repositories, models: tuple[str, str]
) -> None:
    old, new = models
    first, second = world.document(), world.document()
    for document in (first, second):
        publish(rows, document, new, old)

    assert set(rows.embedding_models.documents_of(old, 9)) == {first.id, second.id}
    assert len(rows.embedding_models.documents_of(old, 1)) == 1
    rows.embedding_models.retire(old, [first.id])

    assert rows.embedding_models.documents_of(old, 9) == [second.id]
    assert (listed(rows, first), listed(rows, second)) == ((new,), (new, old))

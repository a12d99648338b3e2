"""Older embedding models, opened when they are asked for."""

from app.knowledge.embedding import ModelRegistry
from tests.fakes.embedder import HashingEmbedder


def test_other_weights_do_not_answer_for_a_model() -> None:
    opened = {"hashing-32": HashingEmbedder(32), "hashing-16": HashingEmbedder(48)}
    registry = ModelRegistry(HashingEmbedder(64), opened.get)

    assert registry.by_model("hashing-32") is opened["hashing-32"]
    assert registry.by_model("hashing-16") is None
    assert registry.by_model("hashing-8") is None

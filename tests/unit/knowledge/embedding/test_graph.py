"""The graph is compared with the same encoder written out in numpy, on random weights of a small size."""

import math

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from app.knowledge.embedding.graph import build_graph, quantise
from app.knowledge.embedding.weights import Array, Shape, Vocabulary, Weights

SHAPE = Shape(hidden=32, layers=2, heads=4, feed_forward=64, vocabulary=50, positions=16, token_types=2, eps=1e-12)
TEXTS = [np.array(ids, np.int64) for ids in ([0, 11, 23, 7, 2], [0, 31, 2])]


def random_weights() -> Weights:
    generator = np.random.default_rng(7)
    hidden, inner = SHAPE.hidden, SHAPE.feed_forward
    sizes = {"emb.word": 50 * hidden, "emb.pos": 16 * hidden, "emb.type": 2 * hidden}
    for layer in range(SHAPE.layers):
        linear = {"q": hidden, "k": hidden, "v": hidden, "ao": hidden, "fi": inner, "fo": inner}
        sizes |= {f"l{layer}.{name}.w": hidden * size for name, size in linear.items()}
        outputs = dict.fromkeys(linear, hidden) | {"fi": inner}
        sizes |= {f"l{layer}.{name}.b": size for name, size in outputs.items()}
    spread = {"emb.word": 1.0, "emb.pos": 0.5}
    tensors = {
        name: generator.normal(0, spread.get(name, 0.2), size).astype(np.float32) for name, size in sizes.items()
    }
    for norm in ("emb.ln", *(f"l{layer}.{name}" for layer in range(SHAPE.layers) for name in ("aln", "oln"))):
        tensors[f"{norm}.w"] = generator.normal(1, 0.1, hidden).astype(np.float32)
        tensors[f"{norm}.b"] = generator.normal(0, 0.1, hidden).astype(np.float32)
    return Weights(SHAPE, Vocabulary([], 0, 2, 1, 3, {}), tensors)


class Reference:
    """BERT with mean pooling in float64, one text without padding."""

    def __init__(self, weights: Weights) -> None:
        self.tensors = {name: values.astype(np.float64) for name, values in weights.tensors.items()}

    def embed(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        table = self.tensors["emb.word"].reshape(-1, 32)[ids]
        places = self.tensors["emb.pos"].reshape(-1, 32)[: len(ids)]
        hidden = self.normalise(table + places + self.tensors["emb.type"][:32], "emb.ln")
        for layer in range(SHAPE.layers):
            hidden = self.layer(hidden, f"l{layer}.")
        mean = hidden.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean))

    def layer(self, hidden: NDArray[np.float64], layer: str) -> NDArray[np.float64]:
        query, key, value = (self.linear(hidden, layer + name).reshape(-1, 4, 8).swapaxes(0, 1) for name in "qkv")
        scores = np.exp(query @ key.swapaxes(1, 2) / math.sqrt(8))
        context = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        attended = self.linear(context.swapaxes(0, 1).reshape(-1, 32), layer + "ao")
        middle = self.normalise(attended + hidden, layer + "aln")
        wide = self.linear(middle, layer + "fi")
        active = 0.5 * wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        return self.normalise(self.linear(active, layer + "fo") + middle, layer + "oln")

    def linear(self, values: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        matrix = self.tensors[f"{name}.w"].reshape(-1, values.shape[1])
        return np.asarray(values @ matrix.T + self.tensors[f"{name}.b"])

    def normalise(self, values: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        centred = values - values.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + SHAPE.eps)
        return np.asarray(scaled * self.tensors[f"{name}.w"] + self.tensors[f"{name}.b"])


@pytest.fixture(scope="module")
def weights() -> Weights:
    return random_weights()


@pytest.fixture(scope="module")
def vectors(weights: Weights) -> Array:
    """What the graph makes of each text."""
    model = build_graph(weights).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    outputs = [session.run(["sentence_embedding"], {"input_ids": ids[None]})[0][0] for ids in TEXTS]
    return np.asarray(outputs, np.float32)


def test_it_is_the_encoder_within_8_bits(weights: Weights, vectors: Array) -> None:
    reference = Reference(weights)
    for vector, ids in zip(vectors, TEXTS, strict=True):
        assert vector @ reference.embed(ids) > 0.999


def test_different_texts_are_apart(vectors: Array) -> None:
    assert vectors[0] @ vectors[1] < 0.8


def test_its_vectors_have_length_one(vectors: Array) -> None:
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(2), abs=1e-5)


def test_quantising_keeps_every_column_within_half_a_step() -> None:
    spreads = np.arange(1, 7)
    matrix = np.random.default_rng(1).normal(0, spreads, (40, 6)).astype(np.float32)
    integers, scales = quantise(matrix, 63)
    assert integers.dtype == np.int8
    assert np.abs(integers).max() == 63
    assert (np.abs(matrix - integers * scales) <= scales * 0.5001).all()


def test_a_column_of_zeros_can_be_quantised() -> None:
    integers, scales = quantise(np.zeros((4, 2), np.float32), 63)
    assert not integers.any()
    assert scales.tolist() == [1, 1]

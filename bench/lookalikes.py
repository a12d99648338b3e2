"""A million chunks that look like real ones: made when asked for, always the same."""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from app.domain.documents import Chunk, IndexedDocument
from app.knowledge.embedding import Embedder
from bench.corpus import passages, questions

Matrix = NDArray[np.float32]

MODEL = "multilingual-e5 lookalike"

_REAL = 700
_BLOCK = 10_000
_CHARACTERS = 720
_LONGEST = 900
_CALIBRATIONS = 8


class Sample:
    """Real passages and questions with their embeddings, to which everything made up is to be alike."""

    def __init__(self, texts: list[str], vectors: Matrix, questions: list[str], question_vectors: Matrix) -> None:
        self.sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text)]
        self.vectors = vectors
        self.questions = questions
        self.question_vectors = question_vectors
        energies, directions = np.linalg.eigh(np.cov(vectors.T))
        self._shape = np.asarray(directions * np.sqrt(np.maximum(energies, 0)), np.float32).T
        self._noise = self._calibrated()

    def made_up(self, count: int, seed: int, noise: float | None = None) -> Matrix:
        """Unit vectors: each between two real ones, with noise that varies as the real ones do."""
        generator = np.random.default_rng(seed)
        first, second = self.vectors[generator.integers(0, len(self.vectors), (2, count))]
        share = 0.5 * generator.random((count, 1), dtype=np.float32)
        noises = generator.standard_normal((count, self.vectors.shape[1]), dtype=np.float32) @ self._shape
        mixed = (1 - share) * first + share * second + (noise or self._noise) * noises
        return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)

    def _calibrated(self) -> float:
        """The noise with which the nearest neighbour is as far away, among as many, as among the real ones."""
        wanted, low, high = _nearest(self.vectors), 0.0, 2.0
        for _ in range(_CALIBRATIONS):
            middle = (low + high) / 2
            nearer = _nearest(self.made_up(len(self.vectors), 0, middle)) > wanted
            low, high = (middle, high) if nearer else (low, middle)
        return high


class Lookalikes:
    """A `ChunkSource` in which an assistant's id, as a document's, says which chunks it has: "0-1000".

    `edited` documents have a new chunk in their middle, another one each time.
    """

    def __init__(self, sample: Sample, chunks_per_document: int) -> None:
        self.edited: dict[str, int] = {}
        self._sample = sample
        self._chunks_per_document = chunks_per_document
        self._block: Callable[[int], Matrix] = lru_cache(2)(lambda number: sample.made_up(_BLOCK, number + 1))

    def serving_model(self, assistant_id: str, preferred: str) -> str:
        """The one there is."""
        return preferred

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        """So many documents as there are chunks for."""
        chunks = _range(assistant_id)
        names = [
            f"{start}-{min(start + self._chunks_per_document, chunks.stop)}"
            for start in range(chunks.start, chunks.stop, self._chunks_per_document)
        ]
        return {
            name: IndexedDocument(str(self.edited.get(name, 0)), f"arquivo {name}.pdf", len(_range(name)))
            for name in names
        }

    def chunk_ids(self, document_id: str, revision: str, model: str) -> Sequence[str]:
        """The numbers of its chunks."""
        ids = [str(number) for number in _range(document_id)]
        if document_id in self.edited:
            ids[len(ids) // 2] = f"9{self.edited[document_id]:07}"
        return ids

    def chunks(self, document_id: str, chunk_ids: Sequence[str]) -> Iterable[Chunk]:
        """What these chunks say, and where they lie."""
        for number in map(int, chunk_ids):
            vector = self._block(number // _BLOCK)[number % _BLOCK]
            embedding = vector.astype("<f2").tobytes()
            yield Chunk(str(number), "", document_id, "", self._text(number), "", MODEL, embedding)

    def blocks(self, count: int) -> Iterator[Matrix]:
        """The vectors of the first `count` chunks, as they are stored."""
        for start in range(0, count, _BLOCK):
            yield self._block(start // _BLOCK)[: count - start].astype("<f2").astype(np.float32)

    def _text(self, number: int) -> str:
        """Real sentences, but no real text."""
        chosen, text = random.Random(number), ""
        while len(text) < _CHARACTERS:
            text += chosen.choice(self._sample.sentences) + " "
        return text[:_LONGEST]


class KnownQuestions:
    """An embedder of the sample's questions that takes no time: what is measured is the search."""

    model = MODEL

    def __init__(self, sample: Sample) -> None:
        self._vectors: dict[str, Matrix] = dict(zip(sample.questions, sample.question_vectors, strict=True))
        self.dimension = sample.vectors.shape[1]

    def embed_query(self, text: str) -> Matrix:
        """The vector, which is known."""
        return self._vectors[text]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Not needed."""
        raise NotImplementedError


def embedded_sample(embedder: Embedder, count: int) -> Sample:
    """Real texts, and `count` questions at most, through the embedder: half a minute."""
    texts = list(dict.fromkeys(islice(passages(), _REAL)))
    asked = list(dict.fromkeys(islice(questions(), count)))
    vectors = np.stack([embedder.embed_query(question) for question in asked])
    return Sample(texts, embedder.embed_passages(texts), asked, vectors)


def _range(name: str) -> range:
    start, _, stop = name.partition("-")
    return range(int(start), int(stop))


def _nearest(vectors: Matrix) -> float:
    """The median cosine of a vector and the one nearest to it."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    return float(np.median(cosines.max(axis=1)))

"""How well questions find their passages: FaQuAD through the service's own chunking, embedding and index.

python -m bench.retrieval [folder with corpus.jsonl, queries.jsonl, qrels.tsv]
"""

import json
import math
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.domain.documents import Chunk, IndexedDocument
from app.knowledge.embedding import Embedder, EmbedderShelf, open_embedder
from app.knowledge.extraction import Extractor
from app.knowledge.pipeline import Pipeline
from app.knowledge.retriever import Retriever
from app.settings import load_settings

FAQUAD = Path(__file__).resolve().parents[2] / "shared" / "data" / "faquad"

_ASSISTANT = "bench"
_ROOM_FOR_TEN_PASSAGES = 40_000


def run(embedder: Embedder | None = None, folder: Path = FAQUAD) -> dict[str, Any]:
    """nDCG@10, recall@5 and MRR@10 (means over the questions, 0 to 1), as asked and typed without accents.

    Each passage of the corpus is a document; `embedder` is the bundled one where none is given. Raises
    `FileNotFoundError` with a sentence when the corpus is not there.
    """
    if not (folder / "corpus.jsonl").is_file():
        raise FileNotFoundError(f"There is no retrieval set in {folder}: corpus.jsonl is missing.")
    embedder = embedder or _bundled_embedder()
    passages, questions = _rows(folder / "corpus.jsonl"), _rows(folder / "queries.jsonl")
    relevant = _relevant(folder / "qrels.tsv")
    with tempfile.TemporaryDirectory() as scratch:
        shelf = EmbedderShelf(embedder)
        source = _Corpus(Pipeline(Extractor(Path(scratch)), shelf), passages)
        retriever = Retriever(source, shelf, Path(scratch, "index"), _ROOM_FOR_TEN_PASSAGES)
        asked = [(relevant[question["_id"]], question["text"]) for question in questions]
        result = {
            "corpus": folder.name,
            "passages": len(passages),
            "chunks": source.chunk_count,
            "questions": len(asked),
            **_measure(retriever, asked),
            "without_accents": _measure(retriever, [(wanted, _fold(text)) for wanted, text in asked]),
        }
        retriever.close()
    return result


class _Corpus:
    """The passages as a `ChunkSource`: read and embedded as uploaded text files would be."""

    def __init__(self, pipeline: Pipeline, passages: Iterable[Mapping[str, str]]) -> None:
        self._chunks = {
            row["_id"]: {chunk.id: chunk for chunk in _chunks(pipeline, row["_id"], row["text"])}
            for row in passages
        }

    @property
    def chunk_count(self) -> int:
        return sum(map(len, self._chunks.values()))

    def serving_model(self, assistant_id: str, preferred: str) -> str:
        return preferred

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        return {
            document_id: IndexedDocument("1", f"{document_id}.txt", len(chunks))
            for document_id, chunks in self._chunks.items()
        }

    def chunk_ids(self, document_id: str, revision: str, model: str) -> Sequence[str]:
        return list(self._chunks[document_id])

    def chunks(self, document_id: str, chunk_ids: Sequence[str]) -> Iterable[Chunk]:
        return [self._chunks[document_id][chunk_id] for chunk_id in chunk_ids]


def _chunks(pipeline: Pipeline, document_id: str, text: str) -> Iterator[Chunk]:
    pieces = pipeline.pieces(text)
    for piece, embedding in zip(pieces, pipeline.embed(pipeline.model, pieces), strict=True):
        chunk_id = f"{document_id} {piece.digest}"
        yield Chunk(
            chunk_id, _ASSISTANT, document_id, piece.heading, piece.text, piece.digest, pipeline.model, embedding
        )


def _measure(retriever: Retriever, asked: Sequence[tuple[Mapping[str, int], str]]) -> dict[str, float]:
    sums = {"ndcg@10": 0.0, "recall@5": 0.0, "mrr@10": 0.0}
    for relevant, text in asked:
        ranking = list(dict.fromkeys(found.document_id for found in retriever.search(_ASSISTANT, 1, text)))
        sums["ndcg@10"] += _dcg([relevant.get(name, 0) for name in ranking]) / _dcg(
            sorted(relevant.values(), reverse=True)
        )
        sums["recall@5"] += len(relevant.keys() & ranking[:5]) / len(relevant)
        sums["mrr@10"] += next((1 / place for place, name in enumerate(ranking[:10], 1) if name in relevant), 0)
    return {name: round(total / len(asked), 4) for name, total in sums.items()}


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains[:10], 1))


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _relevant(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        question, passage, grade = line.split("\t")
        relevant.setdefault(question, {})[passage] = int(grade)
    return relevant


def _fold(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _bundled_embedder() -> Embedder:
    settings = load_settings()
    return open_embedder("bundled", None, None, settings.data_dir, settings.llm_timeout_seconds)


def main() -> None:
    """Measure, and print a table."""
    try:
        result = run(folder=Path(sys.argv[1]) if len(sys.argv) > 1 else FAQUAD)
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from None
    print(f"{result['corpus']}: {result['passages']} passages, {result['questions']} questions")
    print(f"{'':<18}{'nDCG@10':>9}{'recall@5':>10}{'MRR@10':>8}")
    for label, figures in (("as asked", result), ("without accents", result["without_accents"])):
        print(f"{label:<18}{figures['ndcg@10']:>9.3f}{figures['recall@5']:>10.3f}{figures['mrr@10']:>8.3f}")


if __name__ == "__main__":
    main()

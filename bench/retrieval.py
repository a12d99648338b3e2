"""How well questions find their passages: FaQuAD through the service's own chunking, embedding and index.

python -m bench.retrieval [folder with corpus.jsonl, queries.jsonl, qrels.tsv]
"""

import json
import math
import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.domain.documents import Chunk, IndexedDocument
from app.knowledge.chunking import split
from app.knowledge.embedding import ChunkEmbedder, Embedder, ModelRegistry, open_embedder
from app.knowledge.fusion import ANSWERABLE
from app.knowledge.retriever import Retriever
from app.settings import load_settings
from bench.perturbations import in_chat_spelling, with_typo, within_chatter, without_accents

FAQUAD = Path(__file__).resolve().parents[2] / "shared" / "data" / "faquad"

_ASSISTANT = "bench"
_ROOM_FOR_TEN_PASSAGES = 40_000
_CHUNKS_SHOWN = 30


def run(embedder: Embedder | None = None, folder: Path = FAQUAD, strangers: Sequence[str] = ()) -> dict[str, Any]:
    """nDCG@10, recall@5 and MRR@10 (means over the questions, 0 to 1), as asked and as people type.

    `strangers` are questions the corpus can't answer; those of the corpora beside it where none are given.

    Each passage of the corpus is a document; `embedder` is the bundled one where none is given. Raises
    `FileNotFoundError` with a sentence when the corpus is not there.
    """
    if not (folder / "corpus.jsonl").is_file():
        raise FileNotFoundError(f"There is no retrieval set in {folder}: corpus.jsonl is missing.")
    embedder = embedder or _bundled_embedder()
    passages, questions = _rows(folder / "corpus.jsonl"), _rows(folder / "queries.jsonl")
    relevant = _relevant(folder / "qrels.tsv")
    with tempfile.TemporaryDirectory() as scratch:
        embedders = ModelRegistry(embedder)
        source = _Corpus(ChunkEmbedder(embedders), passages)
        retriever = Retriever(source, embedders, Path(scratch, "index"), _ROOM_FOR_TEN_PASSAGES)
        asked = {question["_id"]: question["text"] for question in questions}
        ways = {
            "as_asked": asked,
            "without_accents": {one: without_accents(text) for one, text in asked.items()},
            "with_one_typo": {one: with_typo(text, one) for one, text in asked.items()},
            "in_chat_spelling": {one: in_chat_spelling(text) for one, text in asked.items()},
            "within_chatter": {one: within_chatter(text, one) for one, text in asked.items()},
        }
        result = {
            "corpus": folder.name,
            "passages": len(passages),
            "chunks": source.chunk_count,
            "questions": len(asked),
            **{name: _measure(retriever, texts, relevant) for name, texts in ways.items()},
            "answerable": _answerable(retriever, asked, relevant, strangers or _strangers(folder)),
        }
        retriever.close()
    return result


class _Corpus:
    """The passages as a `ChunkSource`: read and embedded as uploaded text files would be."""

    def __init__(self, embedder: ChunkEmbedder, passages: Iterable[Mapping[str, str]]) -> None:
        self._chunks = {
            row["_id"]: {chunk.id: chunk for chunk in _chunks(embedder, row["_id"], row["text"])}
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


def _chunks(embedder: ChunkEmbedder, document_id: str, text: str) -> Iterator[Chunk]:
    pieces = split(text)
    for piece, embedding in zip(pieces, embedder.embed(embedder.model, pieces), strict=True):
        chunk_id = f"{document_id} {piece.digest}"
        yield Chunk(
            chunk_id, _ASSISTANT, document_id, piece.heading, piece.text, piece.digest, embedder.model, embedding
        )


def _measure(
    retriever: Retriever, asked: Mapping[str, str], relevant: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    sums = {"ndcg@10": 0.0, "recall@5": 0.0, "mrr@10": 0.0}
    for question_id, text in asked.items():
        wanted = relevant[question_id]
        found = retriever.scored_chunks(_ASSISTANT, 1, text, _CHUNKS_SHOWN)
        ranking = list(dict.fromkeys(candidate.document_id for candidate in found))
        sums["ndcg@10"] += _dcg([wanted.get(name, 0) for name in ranking]) / _dcg(
            sorted(wanted.values(), reverse=True)
        )
        sums["recall@5"] += len(wanted.keys() & ranking[:5]) / len(wanted)
        sums["mrr@10"] += next((1 / place for place, name in enumerate(ranking[:10], 1) if name in wanted), 0)
    return {name: round(total / len(asked), 4) for name, total in sums.items()}


def _answerable(
    retriever: Retriever,
    asked: Mapping[str, str],
    relevant: Mapping[str, Mapping[str, int]],
    strangers: Sequence[str],
) -> dict[str, float]:
    """How well the best score tells what can be answered from what can't.

    `near`: the same questions without the passages that answer them, `far`: questions about other things.
    """
    answered, near = [], []
    for question_id, text in asked.items():
        found = retriever.scored_chunks(_ASSISTANT, 1, text, _CHUNKS_SHOWN)
        answered.append(max((one.score for one in found), default=0.0))
        others = (one.score for one in found if one.document_id not in relevant[question_id])
        near.append(max(others, default=0.0))
    far = [
        max((one.score for one in retriever.scored_chunks(_ASSISTANT, 1, text, 1)), default=0.0)
        for text in strangers
    ]
    figures = {
        "threshold": ANSWERABLE,
        "true_accepts": _share(answered, ANSWERABLE),
        "false_accepts_near": _share(near, ANSWERABLE),
    }
    figures |= {"near_auc": _auc(answered, near), "near_false_accepts_at_95": _share(near, _at(answered, 0.05))}
    if far:
        figures |= {"far_auc": _auc(answered, far), "far_false_accepts_at_95": _share(far, _at(answered, 0.05))}
        figures["false_accepts_far"] = _share(far, ANSWERABLE)
    return {name: round(value, 4) for name, value in figures.items()}


def _strangers(folder: Path) -> list[str]:
    """The questions of the other corpora beside this one."""
    files = sorted(folder.parent.glob("*/queries.jsonl"))
    return [row["text"] for file in files if file.parent != folder for row in _rows(file)]


def _at(scores: Sequence[float], share: float) -> float:
    return sorted(scores)[int(share * len(scores))]


def _share(scores: Sequence[float], threshold: float) -> float:
    return sum(score >= threshold for score in scores) / len(scores)


def _auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The probability that one of the first has a higher score than one of the second (Mann and Whitney, 1947)."""
    ordered = sorted(negative)
    below = sum(bisect_left(ordered, score) + bisect_right(ordered, score) for score in positive)
    return below / 2 / len(positive) / len(negative)


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
    for name in ("as_asked", "without_accents", "with_one_typo", "in_chat_spelling", "within_chatter"):
        figures = result[name]
        shown = f"{figures['ndcg@10']:>9.4f}{figures['recall@5']:>10.4f}{figures['mrr@10']:>8.4f}"
        print(f"{name.replace('_', ' '):<18}{shown}")
    for name, value in result["answerable"].items():
        print(f"{name.replace('_', ' '):<30}{value:.3f}")


if __name__ == "__main__":
    main()

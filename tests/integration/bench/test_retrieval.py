"""The benchmark's figures are what they are called."""

import json
import math
from pathlib import Path

import pytest

from bench.retrieval import run
from tests.fakes.embedder import HashingEmbedder


def write_set(folder: Path, passages: dict[str, str], questions: dict[str, tuple[str, str]]) -> None:
    """`questions`: text and the relevant passage, by id."""
    rows = [json.dumps({"_id": name, "text": text}) for name, text in passages.items()]
    (folder / "corpus.jsonl").write_text("\n".join(rows), "utf-8")
    rows = [json.dumps({"_id": name, "text": text}) for name, (text, _) in questions.items()]
    (folder / "queries.jsonl").write_text("\n".join(rows), "utf-8")
    rows = [f"{name}\t{passage}\t1" for name, (_, passage) in questions.items()]
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *rows]), "utf-8")


def test_figures_of_a_set_that_can_be_worked_out_by_hand(tmp_path: Path) -> None:
    passages = {"p1": "O frete é grátis.", "p2": "Trocas em trinta dias.", "p3": "Informações de inscrição."}
    questions = {
        "q1": ("frete grátis", "p1"),
        "q2": ("informações inscrição", "p3"),
        "q3": ("trocas trinta dias frete", "p1"),
    }
    write_set(tmp_path, passages, questions)

    result = run(HashingEmbedder(), tmp_path)

    assert (result["passages"], result["chunks"], result["questions"]) == (3, 3, 3)
    assert result["as_asked"]["ndcg@10"] == pytest.approx((1 + 1 + 1 / math.log2(3)) / 3, abs=1e-4)
    assert result["as_asked"]["mrr@10"] == pytest.approx((1 + 1 + 1 / 2) / 3, abs=1e-4)
    assert result["as_asked"]["recall@5"] == 1
    assert result["without_accents"]["recall@5"] == 1


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"corpus\.jsonl is missing"):
        run(HashingEmbedder(), tmp_path)

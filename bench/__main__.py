"""make bench: everything that is measured, as one table and as bench/results.json."""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.knowledge.embedding import Embedder, open_embedder
from bench import (
    access,
    channels,
    dashboard,
    growth,
    inbox,
    ingestion,
    messages,
    rate_limits,
    retrieval,
    search,
    small_files,
    start,
)
from bench.children import stub_model
from bench.customers import Customers
from bench.installation import make_assistant, running
from bench.pdf_tables import run as pdf_tables
from bench.scale import FULL, QUICK, Scale
from bench.table import Row, Section, at_least, render, write

_RESULTS = Path(__file__).parent / "results.json"
_NDCG, _RECALL = 0.945, 0.985
_NDCG_WITHOUT_ACCENTS, _NDCG_WITH_TYPO, _NDCG_WITHIN_CHATTER, _NOISE = 0.940, 0.920, 0.85, 0.005
_PATIENCE_SECONDS = 60


def main() -> None:
    """Measure; with --quick, only see that everything works, and keep nothing."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run: small, and its figures mean nothing")
    quick: bool = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as folder:
        sections = list(_sections(Path(folder), QUICK if quick else FULL))
    print(render(sections))
    if not quick:
        write(sections, _RESULTS)


def _sections(folder: Path, scale: Scale) -> Iterator[Section]:
    customers = Customers()
    with stub_model(0) as model_url, running(folder, model_url) as first:
        api_key: str = make_assistant(first.service, scale.documents)["api_key"]
    yield messages.run(folder, api_key, scale, customers)
    yield growth.run(folder, scale, customers)
    yield channels.run(scale.repeats, int(scale.seconds))
    yield inbox.run(folder, inbox.SIZES, inbox.ROUNDS) if scale is FULL else inbox.run(folder, (100, 200))
    yield dashboard.run(folder, scale.conversations)
    yield access.run(folder)
    yield rate_limits.run()
    embedder = open_embedder("bundled", None, None, folder / "data", _PATIENCE_SECONDS)
    if scale is FULL:
        yield _retrieval(embedder)
    yield search.run(folder, embedder, scale)
    yield ingestion.run(folder, scale)
    yield pdf_tables.run(1 if scale is QUICK else 8)
    yield small_files.run(folder, scale)
    yield start.run(folder, api_key, scale, customers)


def _retrieval(embedder: Embedder) -> Section:
    title = "Retrieval (FaQuAD)"
    try:
        found = retrieval.run(embedder)
    except FileNotFoundError:
        return Section(title, [Row("not measured: its data are not here", "")])
    plain, answerable = found["as_asked"], found["answerable"]
    rows = [
        at_least("nDCG@10", plain["ndcg@10"], _NDCG),
        at_least("recall@5", plain["recall@5"], _RECALL),
        at_least("nDCG@10 without accents", found["without_accents"]["ndcg@10"], _NDCG_WITHOUT_ACCENTS),
        at_least("nDCG@10 with one typo", found["with_one_typo"]["ndcg@10"], _NDCG_WITH_TYPO),
        at_least("nDCG@10 in chat spelling", found["in_chat_spelling"]["ndcg@10"], plain["ndcg@10"] - _NOISE),
        at_least(
            "nDCG@10 within 1,000 characters of chatter", found["within_chatter"]["ndcg@10"], _NDCG_WITHIN_CHATTER
        ),
        Row("ROC AUC, near misses", f"{answerable['near_auc']:.3f}"),
        Row("false accepts at 95 % true ones, near misses", f"{answerable['near_false_accepts_at_95']:.3f}"),
    ]
    if "far_auc" in answerable:
        rows += [
            Row("ROC AUC, other topics", f"{answerable['far_auc']:.3f}"),
            Row("false accepts at 95 % true ones, other topics", f"{answerable['far_false_accepts_at_95']:.3f}"),
        ]
    return Section(title, rows, found)


if __name__ == "__main__":
    main()

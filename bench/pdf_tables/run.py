"""Draws all sample tables in all layouts, reads them, and scores what was read."""

import time
from collections.abc import Iterator
from statistics import fmean
from typing import NamedTuple

from app.extraction.pdf.reader import read_pdf
from app.extraction.pdf.scanned_pages import OcrEngine
from bench.pdf_tables.layouts import LAYOUTS, draw
from bench.pdf_tables.samples import samples
from bench.pdf_tables.score import score
from bench.table import Row, Section, at_least, at_most

_SEEDS = 8
_SHARE, _MILLISECONDS = 98.0, 10.0


class Result(NamedTuple):
    """The score of one page, 0 to 1, and the CPU seconds that reading it took."""

    kind: str
    layout: str
    score: float
    seconds: float


def run(seeds: int = _SEEDS) -> Section:
    """Score so many samples of each kind of table in each layout."""
    results = list(_results(seeds))
    by_kind = {kind: _percent(results, kind) for kind in dict.fromkeys(result.kind for result in results)}
    by_layout = {layout.name: _percent(results, layout.name) for layout in LAYOUTS}
    total = 100 * fmean(result.score for result in results)
    milliseconds = 1000 * fmean(result.seconds for result in results)
    rows = [
        at_least("values bound to the names of row and column", total, _SHARE, "%"),
        at_most("CPU a page", milliseconds, _MILLISECONDS, "ms"),
        *(Row(f"  {name}", f"{share:.1f} %") for name, share in (by_kind | by_layout).items()),
    ]
    figures = {"all": total, "milliseconds": milliseconds, "kinds": by_kind, "layouts": by_layout}
    return Section(f"Tables of PDFs ({len(results)} pages)", rows, figures)


def _results(seeds: int) -> Iterator[Result]:
    for seed in range(seeds):
        for sample in samples(seed):
            for layout in LAYOUTS:
                pdf = draw(sample, layout)
                begun = time.process_time()
                lines = read_pdf(pdf, _no_ocr).text.splitlines()
                seconds = time.process_time() - begun
                yield Result(sample.kind, layout.name, score(sample, lines), seconds)


def _percent(results: list[Result], name: str) -> float:
    return 100 * fmean(result.score for result in results if name in {result.kind, result.layout})


def _no_ocr(images: int) -> OcrEngine:
    raise AssertionError(f"{images} pages have no text")

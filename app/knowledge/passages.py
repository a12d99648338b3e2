"""Selects the passages that fit into a prompt from a ranking of chunks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.documents import Passage
from app.knowledge.fusion import Hit
from app.knowledge.index.index_manifest import IndexManifest, RowLocation
from app.knowledge.lexical import LexicalSearcher, StoredText

_WINNERS = 8
_FULL = 0.92


@dataclass(frozen=True, slots=True)
class ChunkSpan:
    """Consecutive rows of one document with their texts; `best` is the best hit among them."""

    start: RowLocation
    rows: list[int]
    texts: list[StoredText]
    best: Hit

    def passage(self) -> Passage:
        """The span as an answer gets it."""
        return Passage(
            document_id=self.start.held.document_id,
            filename=self.start.held.filename,
            position=self.start.position,
            text=_joined(self.texts),
            score=self.best.score,
            dense=self.best.dense,
            lexical=self.best.lexical,
        )


def chunk_spans(
    hits: Sequence[Hit],
    words: LexicalSearcher,
    manifest: IndexManifest,
    characters: int,
    known: Mapping[int, StoredText],
) -> list[ChunkSpan]:
    """The spans that fit into `characters`, best first; the texts of rows that are `known` are not read again.

    Many chunks from different places are worth more than the neighbours of a few: the best eight chunks come
    first, then the chunks before and after them, then the next best. Adjacent chunks are merged into one span.
    """
    texts = _within(characters, _order(hits, manifest), words, known)
    ranked = {hit.row: hit for hit in hits}
    found = []
    for run in _runs(texts, manifest):
        best = max((ranked[row] for row in run if row in ranked), key=lambda hit: hit.score, default=None)
        if best is not None:
            found.append(ChunkSpan(manifest.locate(run[0]), run, [texts[row] for row in run], best))
    return sorted(found, key=lambda span: -span.best.score)


def _order(hits: Sequence[Hit], manifest: IndexManifest) -> Iterable[int]:
    """Rows in the order in which they are to be included, each once."""
    rows = [hit.row for hit in hits]
    return dict.fromkeys([*rows[:_WINNERS], *_neighbours(rows[:_WINNERS], manifest), *rows[_WINNERS:]])


def _neighbours(rows: Iterable[int], manifest: IndexManifest) -> Iterator[int]:
    for held, position in map(manifest.locate, rows):
        yield from held.rows[max(0, position - 1) : position].tolist()
        yield from held.rows[position + 1 : position + 2].tolist()


def _within(
    characters: int, rows: Iterable[int], words: LexicalSearcher, known: Mapping[int, StoredText]
) -> dict[int, StoredText]:
    """The texts of the rows that fit, read in batches; the first one is cut if it alone is too long."""
    chosen: dict[int, StoredText] = {}
    left = characters + 1  # every chunk counts with a line break, and the last one is dropped
    waiting = iter(rows)
    while left > 1 and (portion := list(islice(waiting, _WINNERS))):
        read = words.rows(row for row in portion if row not in known)
        for row in portion:
            stored = known[row] if row in known else read[row].stored
            text = stored if chosen else _cut(stored, left)
            if _length(text) <= left:
                chosen[row] = text
                left -= _length(text)
        if left < (1 - _FULL) * characters:
            break
    return chosen


def _cut(stored: StoredText, characters: int) -> StoredText:
    if _length(stored) <= characters:
        return stored
    return StoredText("", stored.text[: characters - 1])


def _length(stored: StoredText) -> int:
    """The length in characters, with the heading's line and the line break before the next chunk."""
    return len(stored.text) + 1 + (len(_heading_line(stored)) if stored.heading else 0)


def _heading_line(stored: StoredText) -> str:
    return f"## {stored.heading}\n"


def _runs(rows: Mapping[int, StoredText], manifest: IndexManifest) -> Iterator[list[int]]:
    """Groups of consecutive rows of one document."""
    run: list[int] = []
    before: RowLocation | None = None
    located = [(manifest.locate(row), row) for row in rows]
    for location, row in sorted(located, key=lambda item: (item[0].held.document_id, item[0].position)):
        follows = before and location.held is before.held and location.position == before.position + 1
        if run and not follows:
            yield run
            run = []
        run.append(row)
        before = location
    if run:
        yield run


def _joined(parts: Iterable[StoredText]) -> str:
    """The texts, each on lines of its own, with a heading wherever it changes."""
    heading, joined = "", []
    for part in parts:
        if part.heading and part.heading != heading:
            joined.append(_heading_line(part))
        heading = part.heading
        joined.append(part.text + "\n")
    return "".join(joined).rstrip()

"""Out of a ranking of chunks: the passages that fit into a prompt."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from app.domain.documents import Passage
from app.knowledge.fusion import Hit
from app.knowledge.lexical import LexicalSearcher, StoredText
from app.knowledge.manifest import HeldDocument, Manifest

_WINNERS = 8
_FULL = 0.92


def passages(
    hits: Sequence[Hit], words: LexicalSearcher, manifest: Manifest, characters: int
) -> tuple[Passage, ...]:
    """Passages of at most `characters` together, best first.

    More chunks from different places are worth more than the surroundings of few: the best eight chunks come
    first, then the chunks before and after them, then the next best. Adjoining chunks make one passage.
    """
    texts = _within(characters, _order(hits, manifest), words)
    ranked = {hit.row: hit for hit in hits}
    found = []
    for run in _runs(sorted(texts), manifest):
        best = max((ranked[row] for row in run if row in ranked), key=lambda hit: hit.score, default=None)
        if best is not None:
            found.append(_passage(run, best, texts, manifest.at(run[0])))
    return tuple(sorted(found, key=lambda passage: -passage.score))


def _order(hits: Sequence[Hit], manifest: Manifest) -> Iterable[int]:
    """Rows in the order in which they deserve room, each once."""
    rows = [hit.row for hit in hits]
    return dict.fromkeys([*rows[:_WINNERS], *_neighbours(rows[:_WINNERS], manifest), *rows[_WINNERS:]])


def _neighbours(rows: Iterable[int], manifest: Manifest) -> Iterator[int]:
    for row in rows:
        held = manifest.at(row)
        if row > held.first_row:
            yield row - 1
        if row + 1 < held.first_row + held.rows:
            yield row + 1


def _within(characters: int, rows: Iterable[int], words: LexicalSearcher) -> dict[int, StoredText]:
    """The texts of the rows that fit, read in portions; one that is too long by itself is cut short."""
    chosen: dict[int, StoredText] = {}
    left = characters + 1  # every chunk counts with a line break, and the last one is dropped
    waiting = iter(rows)
    while left > 1 and (portion := list(islice(waiting, _WINNERS))):
        stored = words.texts(portion)
        for row in portion:
            text = stored[row] if chosen else _cut(stored[row], left)
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
    """With the line of the heading, and the line break to the next chunk."""
    return len(stored.text) + 1 + (len(_heading_line(stored)) if stored.heading else 0)


def _heading_line(stored: StoredText) -> str:
    return f"## {stored.heading}\n"


def _runs(rows: Iterable[int], manifest: Manifest) -> Iterator[list[int]]:
    """Rows that follow each other within one document, together."""
    run: list[int] = []
    for row in rows:
        if run and (row != run[-1] + 1 or manifest.at(row) is not manifest.at(run[-1])):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _passage(run: Sequence[int], best: Hit, texts: Mapping[int, StoredText], held: HeldDocument) -> Passage:
    return Passage(
        document_id=held.document_id,
        filename=held.document.filename,
        position=run[0] - held.first_row,
        text=_joined([texts[row] for row in run]),
        score=best.score,
        dense=best.dense,
        lexical=best.lexical,
    )


def _joined(parts: Iterable[StoredText]) -> str:
    """The texts one below the other, under their headings where these change."""
    heading, joined = "", []
    for part in parts:
        if part.heading and part.heading != heading:
            joined.append(_heading_line(part))
        heading = part.heading
        joined.append(part.text + "\n")
    return "".join(joined).rstrip()

"""The lexical index: BM25 over Portuguese terms, in a tantivy folder that also stores the texts."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tantivy import DocAddress, Document, Index, IndexWriter, Occur, Query, Schema, SchemaBuilder, Searcher

from app.domain.chat_spelling import written_out
from app.domain.errors import UnavailableError
from app.domain.folding import fold
from app.knowledge.analysis import PortugueseAnalyzer, normalized
from app.knowledge.match_features import QuestionTerms
from app.knowledge.spelling import corrected

_WRITER_HEAP_BYTES = 15_000_000
_LARGE_HEAP_BYTES = 120_000_000
_MOST_TERMS = 64
_MOST_WORDS = 1000
_MOST_CORRECTIONS = 8
_WORD = re.compile(r"[^\W_]+")


class StoredText(NamedTuple):
    """A chunk's path of headings and its text."""

    heading: str
    text: str


class StoredRow(NamedTuple):
    """A chunk's text, and the stems of all its words (see `PortugueseAnalyzer.outline`)."""

    stored: StoredText
    outline: str


class LexicalSearcher:
    """A snapshot of the index; any number of threads may search it at a time."""

    def __init__(self, searcher: Searcher, schema: Schema, analyzer: PortugueseAnalyzer) -> None:
        self._searcher = searcher
        self._schema = schema
        self._analyzer = analyzer
        # Removed rows count in tantivy's statistics until their segment is merged away.
        self._counted = searcher.doc_freq("every", 1)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    @property
    def removed(self) -> int:
        """How many removed rows still count in the statistics."""
        return self._counted - len(self)

    def question(self, text: str) -> QuestionTerms:
        """A question's terms and their idf; a misspelt word counts as the term it was meant to be.

        A word that no row has, and that cannot be corrected, has the highest idf that a term can have. The first
        eight unknown words are corrected, each of which takes about a millisecond.
        """
        idf: dict[str, float] = {}
        sequence: list[str] = []
        corrections = 0
        for word in _WORD.findall(fold(normalized(written_out(text))))[:_MOST_WORDS]:
            term, stem = self._analyzer.word(word)
            if term and corrections < _MOST_CORRECTIONS and not self._frequency(term):
                corrections += 1
                term = corrected(word, self._analyzer, self._frequency) or term
            sequence.append(term or stem)
            if term and len(idf) < _MOST_TERMS:
                idf.setdefault(term, self._idf(term))
        return QuestionTerms(idf, sequence)

    def search(self, question: QuestionTerms, limit: int, hidden: Sequence[str] = ()) -> dict[int, float]:
        """The `limit` best rows: BM25 (k1 1.2, b 0.75) / Σ idf of the question's terms, so about 0 to 1.

        Rows of the documents `hidden` are passed over.
        """
        reachable = sum(question.idf.values())
        if not reachable:
            return {}
        clauses = [(Occur.Should, Query.term_query(self._schema, "words", term, "freq")) for term in question.idf]
        if hidden:
            clauses.append((Occur.MustNot, Query.term_set_query(self._schema, "document", hidden)))
        hits = self._searcher.search(Query.boolean_query(clauses), limit, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return {int(row or 0): score / reachable for row, (score, _) in zip(rows, hits, strict=True)}

    def rows(self, rows: Iterable[int]) -> dict[int, StoredRow]:
        """What is stored for `rows`, by row."""
        queries = [(Occur.Should, Query.term_query(self._schema, "row", row)) for row in rows]
        if not queries:
            return {}
        hits = self._searcher.search(Query.boolean_query(queries), len(queries), count=False).hits
        found = self._searcher.fast_field_values("row", [address for _, address in hits])
        return {int(row or 0): self._row(address) for row, (_, address) in zip(found, hits, strict=True)}

    def _row(self, address: DocAddress) -> StoredRow:
        stored = self._searcher.doc(address)
        heading, text, outline = (stored[field][0].decode() for field in ("heading", "text", "outline"))
        return StoredRow(StoredText(heading, text), outline)

    def _frequency(self, term: str) -> int:
        """How many rows have a term."""
        return int(self._searcher.doc_freq("words", term))

    def _idf(self, term: str) -> float:
        having = max(1, self._frequency(term))
        return math.log(1 + (self._counted - having + 0.5) / (having + 0.5))


class LexicalWriter:
    """Collects one change; nothing of it can be searched, or survives a crash, before `commit`."""

    def __init__(self, writer: IndexWriter, schema: Schema, analyzer: PortugueseAnalyzer) -> None:
        self._writer = writer
        self._schema = schema
        self._analyzer = analyzer

    def clear(self) -> None:
        """Remove every row there is."""
        self._writer.delete_all_documents()

    def remove(self, document_id: str) -> None:
        """Remove the rows of a document."""
        self._writer.delete_documents_by_term("document", document_id)

    def remove_rows(self, rows: Iterable[int]) -> None:
        """Remove these rows; unknown ones are ignored."""
        if wanted := list(rows):
            self._writer.delete_documents_by_query(Query.term_set_query(self._schema, "row", wanted))

    def add(self, row: int, document_id: str, title: str, stored: StoredText) -> None:
        """Add a row that is found by its title, its heading and its text."""
        fields = {
            "row": row,
            "every": 1,
            "document": document_id,
            "words": normalized(f"{title}\n{stored.heading}\n{stored.text}"),
            "outline": self._analyzer.outline(f"{title}\n{stored.heading}\n{stored.text}").encode(),
            "heading": stored.heading.encode("utf-8", "replace"),
            "text": stored.text.encode("utf-8", "replace"),
        }
        self._writer.add_document(Document.from_dict(fields, self._schema))

    def commit(self) -> None:
        """Commit the change atomically."""
        self._writer.commit()


class LexicalIndex:
    """A tantivy folder, made if missing; ValueError when what lies there can't be read."""

    def __init__(self, folder: Path, analyzer: PortugueseAnalyzer) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._analyzer = analyzer
        try:
            self._index = Index(self._schema, str(folder))
        except ValueError as error:
            raise ValueError("not a readable lexical index") from error
        self._index.register_tokenizer("portuguese", analyzer.tokenizer)
        self._index.config_reader("manual")

    def searcher(self) -> LexicalSearcher:
        """A snapshot of the last commit."""
        self._index.reload()
        return LexicalSearcher(self._index.searcher(), self._schema, self._analyzer)

    @contextmanager
    def change(self, *, large: bool = False) -> Iterator[LexicalWriter]:
        """The only writer of the folder; UnavailableError while another one is open, in any process.

        A `large` change takes more memory, and leaves fewer segments to search.
        """
        try:
            writer = self._index.writer(_LARGE_HEAP_BYTES if large else _WRITER_HEAP_BYTES, 1)
        except ValueError as error:
            raise UnavailableError(
                "The knowledge index is being changed by another process; try again in a moment."
            ) from error
        try:
            yield LexicalWriter(writer, self._schema, self._analyzer)
        finally:
            writer.wait_merging_threads()


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="portuguese", index_option="freq")
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("every", indexed=True)
    builder.add_bytes_field("outline", stored=True)
    builder.add_bytes_field("heading", stored=True)
    builder.add_bytes_field("text", stored=True)
    return builder.build()

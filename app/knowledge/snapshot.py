"""What a search looks at."""

from dataclasses import dataclass
from typing import Self

from app.knowledge.lexical import LexicalSearcher
from app.knowledge.manifest import Manifest
from app.knowledge.vectors import VectorIndex


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One unchanging state of an index; `words` is None where there are no documents."""

    manifest: Manifest
    vectors: VectorIndex
    words: LexicalSearcher | None

    @classmethod
    def empty(cls, model: str, dimension: int) -> Self:
        """The state of an index without documents."""
        return cls(Manifest(model, dimension), VectorIndex.empty(dimension), None)

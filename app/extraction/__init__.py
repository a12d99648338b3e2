"""A document becomes text."""

from typing import TYPE_CHECKING, Any

from app.extraction.formats import SUPPORTED, is_supported

if TYPE_CHECKING:
    from app.extraction.extractor import Extractor

__all__ = ["SUPPORTED", "Extractor", "is_supported"]


def __getattr__(name: str) -> Any:
    """The child process imports this package, too, and must not pay for what starts child processes."""
    if name == "Extractor":
        from app.extraction.extractor import Extractor  # noqa: PLC0415

        return Extractor
    raise AttributeError(name)

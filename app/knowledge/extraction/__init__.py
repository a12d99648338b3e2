"""A document becomes text."""

from app.knowledge.extraction.extractor import Extractor
from app.knowledge.extraction.formats import SUPPORTED, is_supported

__all__ = ["SUPPORTED", "Extractor", "is_supported"]

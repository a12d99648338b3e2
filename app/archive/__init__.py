"""Everything the service keeps, in one file: out of one database, into another."""

from app.archive.exporting import export_archive
from app.archive.format import ArchiveError, Counts, Progress
from app.archive.importing import import_archive
from app.archive.marker import has_unfinished_import

__all__ = ["ArchiveError", "Counts", "Progress", "export_archive", "has_unfinished_import", "import_archive"]

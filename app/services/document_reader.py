"""The text of a document's file, read by whoever holds the document's lease."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.documents import Stage
from app.domain.errors import ExtractionError
from app.services.leases import HeldLease, LaneLimits, TooLongForLaneError
from app.services.ports.documents import DocumentFiles
from app.services.ports.knowledge import TextExtractor

# The share of reading in the whole work where it is so slow that it tells how far it is.
_SLOW_READING = 0.9


class DocumentReader:
    """Reads the file of the leased revision."""

    def __init__(self, files: DocumentFiles, extractor: TextExtractor) -> None:
        self._files = files
        self._extractor = extractor

    def text(self, lease: HeldLease, limits: LaneLimits | None) -> str:
        """The text of the file; what of it could not be read becomes the document's warning.

        Raises `ExtractionError`, `TooLongForLaneError` once `limits` are passed, and what the lease raises.
        """
        document = lease.document
        if self._files.is_staged(document.assistant_id, document.revision):  # the upload was cut off
            with self.newest(lease, 0.0):
                self._files.publish(document.assistant_id, document.revision, document.type, document.filename)
        path = self._files.path(document.assistant_id, document.type, document.filename)
        if not path.is_file():
            raise ExtractionError("The document's file is no longer there; please upload it again.")
        until = math.inf if limits is None else time.monotonic() + limits.seconds

        def check(read: float) -> None:
            if time.monotonic() > until:
                raise TooLongForLaneError
            lease.check(_SLOW_READING * read)

        found = self._extractor.extract(path, document.filename, check)
        if found.warning:
            lease.warn(found.warning)
        return found.text

    @contextmanager
    def newest(self, lease: HeldLease, progress: float) -> Iterator[None]:
        """While this lasts, no newer version is uploaded; raises `LeaseLostError` if one was before."""
        with self._files.exclusive(lease.document.assistant_id):
            lease.hold(Stage.READING, progress)
            yield

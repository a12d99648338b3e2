"""Why a file gave no text, in the words its owner gets to read."""

from enum import Enum

from app.domain.errors import DiskFullError, ExtractionError


class Problem(Enum):
    """The name is what the worker reports, the value is the sentence."""

    NO_FILE = "The document's file cannot be opened. Upload it again."
    EMPTY = "The file is empty."
    NO_TEXT = "No text was found in the file."
    NO_RECOGNITION = (
        "The file has no text, only pictures (a scan, for example). To read it, the server needs Debian's packages "
        "tesseract-ocr and tesseract-ocr-por (or their like elsewhere). Have them installed, or run the file "
        "through text recognition (OCR), then upload it again."
    )
    NO_PORTUGUESE = (
        "The file has no text, only pictures (a scan, for example). To read it, the server needs Debian's package "
        "tesseract-ocr-por (or its like elsewhere). Have it installed, then upload the file again."
    )
    NOTHING_RECOGNISED = "The file has only pictures, and no text was recognised in them."
    TOO_MANY_PICTURES = (
        "The file has more scanned pages than text can be recognised in (100). Split it into smaller files."
    )
    ENCRYPTED = "The file is protected by a password. Remove the protection, then upload it again."
    BROKEN = "The file is damaged, or is not what the end of its name says."
    OLD_FORMAT = (
        "The file has the format of an older Office version. Save it in the current one, then upload it again."
    )
    TOO_COMPLICATED = "The file is too large or too complicated to be read. Split it into smaller files."
    TOO_NESTED = "What the file holds is nested too deeply to be read."
    TOO_MUCH_TEXT = "The file holds more text than can be read from one file. Split it into smaller files."
    TOO_MANY_PAGES = "The file has more pages than can be read from one file. Split it into smaller files."
    TOO_SLOW = "Reading the file took too long. Split it into smaller files."
    TOO_BUSY = "The server was too busy to read the file in time. Retry the document when it has less to do."
    DISK_FULL = "The server's disk is full."
    INTERRUPTED = "Reading the file was interrupted. Upload it again, or split it into smaller files."

    def warning(self, pages: int, of: int, *, whole: bool = True) -> str:
        """What to say of a document where this keeps the text on some of its pages from being recognised.

        `whole`: the pages are pictures; otherwise they have text, and large pictures.
        """
        reason = _UNRECOGNISED.get(self, "Text recognition does not work on this server.")
        return f"{pages} of its {of} pages {'are' if whole else 'have'} pictures that could not be read. {reason}"

    def error(self) -> ExtractionError | DiskFullError:
        """The error to raise; a full disk is none of the file."""
        return DiskFullError() if self is Problem.DISK_FULL else ExtractionError(self.value)


_UNRECOGNISED = {
    Problem.NO_RECOGNITION: (
        "To read them, the server needs Debian's packages tesseract-ocr and tesseract-ocr-por (or their like "
        "elsewhere). Have them installed, then retry the document."
    ),
    Problem.NO_PORTUGUESE: (
        "To read them, the server needs Debian's package tesseract-ocr-por (or its like elsewhere). Have it "
        "installed, then retry the document."
    ),
    Problem.TOO_MANY_PICTURES: "Text is recognised on 100 pages of a file at most: split it into smaller files.",
}


class ProblemError(Exception):
    """Carries a problem out of the depths of a worker; `detail` is for the log."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(detail or problem.name)
        self.problem = problem
        self.detail = detail

"""Why a file gave no text, in the words its owner gets to read."""

from enum import Enum

from app.domain.errors import ExtractionError


class Problem(Enum):
    """The name is what the child process reports, the value is the sentence."""

    EMPTY = "The file is empty."
    NO_TEXT = "No text was found in the file."
    ONLY_PICTURES = (
        "The file has no text, only pictures (a scan, for example). Run it through text recognition (OCR), "
        "then upload it again."
    )
    ENCRYPTED = "The file is protected by a password. Remove the protection, then upload it again."
    BROKEN = "The file is damaged, or is not what the end of its name says."
    OLD_FORMAT = (
        "The file has the format of an older Office version. Save it in the current one, then upload it again."
    )
    TOO_COMPLICATED = "The file is too large or too complicated to be read. Split it into smaller files."
    TOO_MUCH_TEXT = "The file holds more text than can be read from one file. Split it into smaller files."
    TOO_SLOW = "Reading the file took too long. Split it into smaller files."
    INTERRUPTED = "Reading the file was interrupted. Upload it again, or split it into smaller files."

    def error(self) -> ExtractionError:
        """The error to raise."""
        return ExtractionError(self.value)


class ProblemError(Exception):
    """Carries a problem out of the depths of the child process; `detail` is for the log."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(detail or problem.name)
        self.problem = problem
        self.detail = detail

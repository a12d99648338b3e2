"""The OCR program tesseract."""

import os
import resource
import signal
import subprocess

from app.extraction.limits import die_with, limit
from app.extraction.ocr.greyscale import GreyscaleImage, to_pgm
from app.extraction.ocr.line_removal import remove_ruling_lines
from app.extraction.ocr.ocr_layout import parse_words, spans_of_words
from app.extraction.pdf.text_spans import TextSpan
from app.extraction.problems import Problem, ProblemError
from app.extraction.request import MOST_PICTURES, PATIENCE, PICTURE_DONE, PICTURES_ANNOUNCED, SECONDS_PER_PICTURE

_MOST_SECONDS = 45


class Tesseract:
    """Runs tesseract on one image after the other, in Portuguese and, where installed, English."""

    def __init__(self, program: str, seconds: int) -> None:
        if not program:
            raise ProblemError(Problem.NO_RECOGNITION)
        self._program = program
        self._seconds = seconds
        known = self._execute(["--list-langs"], b"").decode("utf-8", "replace").split()
        if "por" not in known:
            raise ProblemError(Problem.NO_PORTUGUESE)
        self._languages = "por+eng" if "eng" in known else "por"
        self._layout = "1" if "osd" in known else "3"  # 1 also turns pages that lie on their side

    def announce(self, images: int) -> None:
        """Ask the service for the time that so many images need, before the first of them."""
        if images > MOST_PICTURES:
            raise ProblemError(Problem.TOO_MANY_PICTURES, f"{images} images")
        signal.alarm(PATIENCE * (self._seconds + SECONDS_PER_PICTURE * images))
        os.write(1, PICTURES_ANNOUNCED + b"%d\n" % images)

    def read(self, image: GreyscaleImage) -> list[TextSpan]:
        """The text of an image in reading order; raises `ProblemError`."""
        arguments = ["stdin", "stdout", "-l", self._languages, "--psm", self._layout, "tsv"]
        unruled, tables = remove_ruling_lines(image)
        words = list(parse_words(self._execute(arguments, to_pgm(unruled)).decode("utf-8", "replace")))
        os.write(1, PICTURE_DONE)
        return list(spans_of_words(words, tables)) if words else []

    def _execute(self, arguments: list[str], image: bytes) -> bytes:
        try:
            done = subprocess.run(
                [self._program, *arguments],
                input=image,
                capture_output=True,
                timeout=_MOST_SECONDS * PATIENCE,
                check=False,
                preexec_fn=_limit,
            )
        except subprocess.TimeoutExpired:
            raise ProblemError(Problem.TOO_BUSY, "tesseract") from None
        if -done.returncode in {signal.SIGXCPU, signal.SIGKILL}:
            raise ProblemError(Problem.TOO_SLOW, "tesseract")
        if done.returncode or b"Error in pixRead" in done.stderr:
            raise ProblemError(Problem.BROKEN, done.stderr.decode("utf-8", "replace"))
        return done.stdout


def _limit() -> None:
    die_with(os.getppid())
    limit(resource.RLIMIT_CPU, _MOST_SECONDS)

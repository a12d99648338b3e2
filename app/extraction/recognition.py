"""Text recognition (OCR) in pictures, by the program tesseract."""

import os
import resource
import signal
import subprocess

from app.extraction.grey import Grey, as_file
from app.extraction.limits import die_with, limit
from app.extraction.pdf.runs import Run
from app.extraction.problems import Problem, ProblemError
from app.extraction.recognised import runs_of, words_of
from app.extraction.request import MOST_PICTURES, PICTURE_DONE, PICTURES_ANNOUNCED, SECONDS_PER_PICTURE
from app.extraction.ruled_pictures import without_rules

_MOST_SECONDS = 45


class Recogniser:
    """Runs tesseract on one picture after the other; needs its Portuguese data, takes English along."""

    def __init__(self, program: str, seconds: int) -> None:
        if not program:
            raise ProblemError(Problem.NO_RECOGNITION)
        self._program = program
        self._seconds = seconds
        known = self._run(["--list-langs"], b"").decode("utf-8", "replace").split()
        if "por" not in known:
            raise ProblemError(Problem.NO_PORTUGUESE)
        self._languages = "por+eng" if "eng" in known else "por"
        self._layout = "1" if "osd" in known else "3"  # 1 also turns pages that lie on their side

    def announce(self, pictures: int) -> None:
        """Ask for the time that so many pictures need, before the first of them."""
        if pictures > MOST_PICTURES:
            raise ProblemError(Problem.TOO_MANY_PICTURES, f"{pictures} pictures")
        signal.alarm(self._seconds + SECONDS_PER_PICTURE * pictures)
        os.write(1, PICTURES_ANNOUNCED + b"%d\n" % pictures)

    def runs(self, picture: Grey) -> list[Run]:
        """The lines of a picture, in reading order."""
        arguments = ["stdin", "stdout", "-l", self._languages, "--psm", self._layout, "tsv"]
        unruled, tables = without_rules(picture)
        words = list(words_of(self._run(arguments, as_file(unruled)).decode("utf-8", "replace")))
        os.write(1, PICTURE_DONE)
        return list(runs_of(words, tables)) if words else []

    def _run(self, arguments: list[str], picture: bytes) -> bytes:
        try:
            done = subprocess.run(
                [self._program, *arguments],
                input=picture,
                capture_output=True,
                timeout=_MOST_SECONDS * 2,
                check=False,
                preexec_fn=_limit,
            )
        except subprocess.TimeoutExpired:
            raise ProblemError(Problem.TOO_SLOW, "tesseract") from None
        if -done.returncode in {signal.SIGXCPU, signal.SIGKILL}:
            raise ProblemError(Problem.TOO_SLOW, "tesseract")
        if done.returncode or b"Error in pixRead" in done.stderr:
            raise ProblemError(Problem.BROKEN, done.stderr.decode("utf-8", "replace"))
        return done.stdout


def _limit() -> None:
    die_with(os.getppid())
    limit(resource.RLIMIT_CPU, _MOST_SECONDS)

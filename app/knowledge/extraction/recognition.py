"""Text recognition (OCR) in pictures, by the program tesseract."""

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from app.knowledge.extraction.limits import die_with, limit
from app.knowledge.extraction.pdf.runs import RECOGNISED_SIZE, Run
from app.knowledge.extraction.problems import Problem, ProblemError
from app.knowledge.extraction.request import MOST_PICTURES, PICTURE_DONE, PICTURES_ANNOUNCED, SECONDS_PER_PICTURE

_MOST_SECONDS = 45
_FEWEST_CONFIDENCE = 5.0
_HEIGHT_OF_TYPE = 1.4
_WIDE_GAP = 0.8


class Word(NamedTuple):
    """A word with its place in the picture, in pixels; `line` tells the words of one line from others."""

    line: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int
    text: str


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

    def pages(self, picture: bytes) -> list[list[Run]]:
        """The lines of each page of a picture (a TIFF may have several), in reading order."""
        arguments = ["stdin", "stdout", "-l", self._languages, "--psm", self._layout, "tsv"]
        words = list(_words(self._run(arguments, picture).decode("utf-8", "replace")))
        pages = [list(_runs(list(page))) for _, page in groupby(words, key=lambda word: word.line[0])]
        os.write(1, PICTURE_DONE * max(1, len(pages)))
        return pages

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


def _words(table: str) -> Iterator[Word]:
    """The words of tesseract's TSV.

    Its columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
    """
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip() and float(cells[10]) >= _FEWEST_CONFIDENCE:
            left, top, width, height = map(int, cells[6:10])
            yield Word(tuple(cells[1:5]), left, top, width, height, cells[11].strip())


def _runs(words: list[Word]) -> Iterator[Run]:
    """Stretches of lines between wide gaps; one size of type for the whole page, as heights of words vary."""
    heights = sorted(word.height for word in words)
    size = _HEIGHT_OF_TYPE * heights[len(heights) // 2]
    for _, line in groupby(words, key=lambda word: word.line):
        stretch: list[Word] = []
        for word in line:
            if stretch and word.left - stretch[-1].left - stretch[-1].width > _WIDE_GAP * size:
                yield _run(stretch, size)
                stretch = []
            stretch.append(word)
        yield _run(stretch, size)


def _run(words: list[Word], size: float) -> Run:
    """Scaled to a small size of type: what is recognised must not look like a heading beside text that is not."""
    scale = RECOGNISED_SIZE / size
    middle = scale * sum(word.top + word.height / 2 for word in words) / len(words)
    return Run(
        " ".join(word.text for word in words),
        scale * words[0].left,
        scale * (words[-1].left + words[-1].width),
        middle - RECOGNISED_SIZE / 2,
        middle + RECOGNISED_SIZE / 2,
        RECOGNISED_SIZE,
        bold=False,
    )

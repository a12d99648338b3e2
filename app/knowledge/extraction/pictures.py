"""Pictures as text is recognised best in them: grey, upright, and without the lines that rule tables."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from app.knowledge.extraction.problems import Problem, ProblemError

Grey = NDArray[np.uint8]
"""Rows of pixels, from 0 (black) to 255."""

Band = tuple[int, int]
"""The first row of pixels in a table, and the first one below it."""

MOST_PIXELS = 24_000_000
_MOST_DECODED = 100_000_000
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")
_DARK = 150
_SHORTEST_LINE = 60
_THICKEST_LINE = 8
_BESIDE = 2
_FEWEST_UPRIGHT = 3

# What is too large is refused here; Pillow would print warnings into what the child answers.
Image.MAX_IMAGE_PIXELS = None
Image.init()


class Picture:
    """A picture, or the pages of a TIFF; raises `ProblemError`, when made and when read."""

    def __init__(self, data: bytes) -> None:
        with _problems():
            self._image = Image.open(io.BytesIO(data), formats=_FORMATS)
            self.count = getattr(self._image, "n_frames", 1) if self._image.format == "TIFF" else 1

    def pages(self) -> Iterator[Grey]:
        """Each page."""
        for number in range(self.count):
            with _problems():
                self._image.seek(number)
                if self._image.width * self._image.height > _MOST_DECODED:
                    raise ProblemError(Problem.TOO_COMPLICATED, "too many pixels")
                page = _grey(self._image)
            yield page


def without_rules(picture: Grey) -> tuple[Grey, list[Band]]:
    """The picture without its long thin lines, over which tesseract loses whole tables; and where tables are."""
    height, width = picture.shape
    shortest, thickest = max(_SHORTEST_LINE, width // 16), max(_THICKEST_LINE, width // 120)
    if min(height, width) <= shortest:
        return picture, []
    dark = picture < _DARK
    upright = _thin_runs(dark.T, shortest, thickest).T
    lines = upright | _thin_runs(dark, shortest, thickest)
    return np.where(lines, np.uint8(255), picture), _tables(upright)


def as_file(picture: Grey) -> bytes:
    """A binary PGM."""
    height, width = picture.shape
    return b"P5 %d %d 255\n" % (width, height) + picture.tobytes()


def _tables(upright: NDArray[np.bool_]) -> list[Band]:
    """Where there are several lines side by side, more than a frame has."""
    lines = upright[:, 0] + np.count_nonzero(upright[:, 1:] & ~upright[:, :-1], axis=1)
    edges = np.flatnonzero(np.diff((lines >= _FEWEST_UPRIGHT).astype(np.int8), prepend=0, append=0)).tolist()
    bands: list[Band] = []
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        if bands and top - bands[-1][1] < _SHORTEST_LINE:
            bands[-1] = (bands[-1][0], bottom)
        else:
            bands.append((top, bottom))
    return bands


def _thin_runs(dark: NDArray[np.bool_], shortest: int, thickest: int) -> NDArray[np.bool_]:
    """Where rows have dark runs of at least `shortest` pixels, at most `thickest` of them one above the other."""
    runs = _runs(dark, shortest)
    if not runs.any():
        return runs
    thin = runs & ~_runs(runs.T, thickest + 1).T
    for _ in range(_BESIDE):  # the blurred edges of the line
        thin[1:] |= thin[:-1].copy()
        thin[:-1] |= thin[1:].copy()
    return thin


def _runs(mask: NDArray[np.bool_], shortest: int) -> NDArray[np.bool_]:
    """Where the mask is set at least so often in a row, one after the other."""
    rows, columns = mask.shape
    counts = np.zeros((rows, columns + 1), np.int32)
    np.cumsum(mask, axis=1, out=counts[:, 1:])
    begins = counts[:, shortest:] - counts[:, :-shortest] == shortest
    covered = np.zeros((rows, columns + 1), np.int32)
    covered[:, : begins.shape[1]] += begins
    covered[:, shortest:] -= begins
    found: NDArray[np.bool_] = np.cumsum(covered, axis=1)[:, :-1] > 0
    return found


def _grey(page: Image.Image) -> Grey:
    upright = ImageOps.exif_transpose(page) or page
    if "A" in upright.getbands() or "transparency" in upright.info:
        coloured = upright.convert("RGBA")
        upright = Image.new("RGBA", coloured.size, "white")
        upright.alpha_composite(coloured)
    grey = upright.convert("L")
    scale = (MOST_PIXELS / (grey.width * grey.height)) ** 0.5
    if scale < 1:
        grey.thumbnail((int(grey.width * scale), int(grey.height * scale)))
    return np.asarray(grey)


@contextmanager
def _problems() -> Iterator[None]:
    """Pillow raises whatever a damaged file makes of its decoders."""
    try:
        yield
    except (MemoryError, ProblemError):
        raise
    except Exception as error:
        raise ProblemError(Problem.BROKEN, repr(error)) from error

"""Pictures as text is recognised in them: grey, upright, and no larger than needed."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps

from app.extraction.grey import MOST_PIXELS, Grey
from app.extraction.problems import Problem, ProblemError

_MOST_DECODED = 100_000_000
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")

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

"""Image files are decoded for OCR: in greyscale, upright, and no larger than needed."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps

from app.extraction.ocr.greyscale import MOST_PIXELS, GreyscaleImage
from app.extraction.problems import Problem, ProblemError

_MOST_DECODED = 100_000_000
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")

# What is too large is refused here; Pillow would print warnings into the answer.
Image.MAX_IMAGE_PIXELS = None
Image.init()


class ImageFile:
    """An image, or the pages of a TIFF; raises `ProblemError` when opened and when read."""

    def __init__(self, data: bytes) -> None:
        with _decoding_errors():
            self._image = Image.open(io.BytesIO(data), formats=_FORMATS)
            self.count = getattr(self._image, "n_frames", 1) if self._image.format == "TIFF" else 1

    def pages(self) -> Iterator[GreyscaleImage]:
        """The pages one by one."""
        for number in range(self.count):
            with _decoding_errors():
                self._image.seek(number)
                if self._image.width * self._image.height > _MOST_DECODED:
                    raise ProblemError(Problem.TOO_COMPLICATED, "too many pixels")
                page = _to_greyscale(self._image)
            yield page


def _to_greyscale(page: Image.Image) -> GreyscaleImage:
    upright = ImageOps.exif_transpose(page) or page
    if "A" in upright.getbands() or "transparency" in upright.info:
        coloured = upright.convert("RGBA")
        upright = Image.new("RGBA", coloured.size, "white")
        upright.alpha_composite(coloured)
    shades = upright.convert("L")
    scale = (MOST_PIXELS / (shades.width * shades.height)) ** 0.5
    if scale < 1:
        shades.thumbnail((int(shades.width * scale), int(shades.height * scale)))
    return np.asarray(shades)


@contextmanager
def _decoding_errors() -> Iterator[None]:
    """Pillow raises whatever a damaged file makes of its decoders."""
    try:
        yield
    except (MemoryError, ProblemError):
        raise
    except Exception as error:
        raise ProblemError(Problem.BROKEN, repr(error)) from error

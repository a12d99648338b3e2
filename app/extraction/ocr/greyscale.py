"""Greyscale images, as OCR takes them."""

import numpy as np
from numpy.typing import NDArray

GreyscaleImage = NDArray[np.uint8]
"""Rows of pixels, from 0 (black) to 255 (white)."""

MOST_PIXELS = 24_000_000
"""An A4 page at 300 dots per inch has 8.7 million."""


def to_pgm(image: GreyscaleImage) -> bytes:
    """The image as a binary PGM file (netpbm)."""
    height, width = image.shape
    return b"P5 %d %d 255\n" % (width, height) + image.tobytes()

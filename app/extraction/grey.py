"""Pictures in grey, as text recognition takes them."""

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""Rows of pixels, from 0 (black) to 255."""

MOST_PIXELS = 24_000_000


def as_file(picture: Grey) -> bytes:
    """A binary PGM."""
    height, width = picture.shape
    return b"P5 %d %d 255\n" % (width, height) + picture.tobytes()

"""Line removal: ruling lines are erased from images, as tesseract fails to read the tables they enclose."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.extraction.ocr.greyscale import GreyscaleImage

_DARKER = 0.6
_DIMMEST = 110
_BLOCK = 16
_MOST_INK = 0.3
_SHORTEST_LINE = 60
_THICKEST_LINE = 8
_BESIDE = 2
_FEWEST = 3


class TableArea(NamedTuple):
    """A ruled table in an image, in pixels; `bottom` and `right` are exclusive."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def pixels(self) -> tuple[slice, slice]:
        """The slices that select it."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def remove_ruling_lines(image: GreyscaleImage) -> tuple[GreyscaleImage, list[TableArea]]:
    """The image without the thin lines of its ruled tables, and those tables, from top to bottom."""
    height, width = image.shape
    shortest, thickest = max(_SHORTEST_LINE, width // 16), max(_THICKEST_LINE, width // 120)
    if min(height, width) <= shortest:
        return image, []
    dark = _binarize(image)
    vertical = _thin_runs(dark.T, shortest, thickest).T
    horizontal = _thin_runs(dark, shortest, thickest)
    tables = [
        area for area in _areas(vertical) if _is_ruled(horizontal[area.pixels]) and not _is_inked(dark[area.pixels])
    ]
    if not tables:
        return image, []
    erased = image.copy()
    for area in tables:
        erased[area.pixels][(vertical | horizontal)[area.pixels]] = 255
    return erased, tables


def _binarize(image: GreyscaleImage) -> NDArray[np.bool_]:
    """Local binarization: pixels much darker than their surroundings, where those are bright.

    The threshold is a share of the brightest mean of the neighbouring blocks; white text on black has none.
    """
    height, width = image.shape
    padded = np.pad(image, ((0, -height % _BLOCK), (0, -width % _BLOCK)), mode="edge")
    rows, columns = padded.shape[0] // _BLOCK, padded.shape[1] // _BLOCK
    around = np.pad(padded.reshape(rows, _BLOCK, columns, _BLOCK).mean(axis=(1, 3)), 1, mode="edge")
    brightest = np.max([around[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0)
    limits = np.where(brightest > _DIMMEST, _DARKER * brightest, 0).astype(np.uint8)
    return image < limits.repeat(_BLOCK, axis=0).repeat(_BLOCK, axis=1)[:height, :width]


def _areas(vertical: NDArray[np.bool_]) -> list[TableArea]:
    """The areas with several vertical lines side by side, more than a border has."""
    lines = vertical[:, 0] + np.count_nonzero(vertical[:, 1:] & ~vertical[:, :-1], axis=1)
    edges = np.flatnonzero(np.diff((lines >= _FEWEST).astype(np.int8), prepend=0, append=0)).tolist()
    bands: list[tuple[int, int]] = []
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        if bands and top - bands[-1][1] < _SHORTEST_LINE:
            bands[-1] = (bands[-1][0], bottom)
        else:
            bands.append((top, bottom))
    return [_area(vertical, top, bottom) for top, bottom in bands]


def _area(vertical: NDArray[np.bool_], top: int, bottom: int) -> TableArea:
    """With a margin, as horizontal lines start and end beside the vertical ones."""
    columns = np.flatnonzero(vertical[top:bottom].any(axis=0))
    left, right = int(columns[0]) - _THICKEST_LINE, int(columns[-1]) + 1 + _THICKEST_LINE
    return TableArea(max(0, top - _THICKEST_LINE), bottom + _THICKEST_LINE, max(0, left), right)


def _is_ruled(horizontal: NDArray[np.bool_]) -> bool:
    """Whether there are several horizontal lines."""
    marked = np.concatenate(([0], horizontal.max(axis=1).astype(np.int8)))
    return int(np.count_nonzero(np.diff(marked) > 0)) >= _FEWEST


def _is_inked(dark: NDArray[np.bool_]) -> bool:
    """Whether so much is dark that the lines are gaps of a dark background between bright letters."""
    return float(dark.mean()) > _MOST_INK


def _thin_runs(dark: NDArray[np.bool_], shortest: int, thickest: int) -> NDArray[np.bool_]:
    """Pixels of horizontal runs of at least `shortest` dark pixels, no thicker than `thickest`."""
    runs = _runs(dark, shortest)
    if not runs.any():
        return runs
    thin = runs & ~_runs(runs.T, thickest + 1).T
    for _ in range(_BESIDE):  # the blurred edges of the line
        thin[1:] |= thin[:-1].copy()
        thin[:-1] |= thin[1:].copy()
    return thin


def _runs(mask: NDArray[np.bool_], shortest: int) -> NDArray[np.bool_]:
    """Pixels of horizontal runs of at least `shortest` set pixels."""
    rows, columns = mask.shape
    counts = np.zeros((rows, columns + 1), np.int32)
    np.cumsum(mask, axis=1, out=counts[:, 1:])
    begins = counts[:, shortest:] - counts[:, :-shortest] == shortest
    covered = np.zeros((rows, columns + 1), np.int32)
    covered[:, : begins.shape[1]] += begins
    covered[:, shortest:] -= begins
    found: NDArray[np.bool_] = np.cumsum(covered, axis=1)[:, :-1] > 0
    return found

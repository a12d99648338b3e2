"""Ruled tables in pictures: tesseract loses them over their lines."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.extraction.grey import Grey

_DARKER = 0.6
_DIMMEST = 110
_BLOCK = 16
_MOST_INK = 0.3
_SHORTEST_LINE = 60
_THICKEST_LINE = 8
_BESIDE = 2
_FEWEST = 3


class Area(NamedTuple):
    """Where a table is: its first row and column of pixels, and the first ones behind it."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def pixels(self) -> tuple[slice, slice]:
        """Picks it out of a picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def without_rules(picture: Grey) -> tuple[Grey, list[Area]]:
    """The picture without the thin lines of ruled tables, over which tesseract loses these; and where they are."""
    height, width = picture.shape
    shortest, thickest = max(_SHORTEST_LINE, width // 16), max(_THICKEST_LINE, width // 120)
    if min(height, width) <= shortest:
        return picture, []
    dark = _dark(picture)
    upright = _thin_runs(dark.T, shortest, thickest).T
    level = _thin_runs(dark, shortest, thickest)
    tables = [
        area for area in _areas(upright) if _is_ruled(level[area.pixels]) and not _is_inked(dark[area.pixels])
    ]
    if not tables:
        return picture, []
    erased = picture.copy()
    for area in tables:
        erased[area.pixels][(upright | level)[area.pixels]] = 255
    return erased, tables


def _dark(picture: Grey) -> NDArray[np.bool_]:
    """What is much darker than its surroundings, where these are bright: white on black is no line."""
    height, width = picture.shape
    padded = np.pad(picture, ((0, -height % _BLOCK), (0, -width % _BLOCK)), mode="edge")
    rows, columns = padded.shape[0] // _BLOCK, padded.shape[1] // _BLOCK
    around = np.pad(padded.reshape(rows, _BLOCK, columns, _BLOCK).mean(axis=(1, 3)), 1, mode="edge")
    brightest = np.max([around[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0)
    limits = np.where(brightest > _DIMMEST, _DARKER * brightest, 0).astype(np.uint8)
    return picture < limits.repeat(_BLOCK, axis=0).repeat(_BLOCK, axis=1)[:height, :width]


def _areas(upright: NDArray[np.bool_]) -> list[Area]:
    """Where there are several lines side by side, more than a frame has."""
    lines = upright[:, 0] + np.count_nonzero(upright[:, 1:] & ~upright[:, :-1], axis=1)
    edges = np.flatnonzero(np.diff((lines >= _FEWEST).astype(np.int8), prepend=0, append=0)).tolist()
    bands: list[tuple[int, int]] = []
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        if bands and top - bands[-1][1] < _SHORTEST_LINE:
            bands[-1] = (bands[-1][0], bottom)
        else:
            bands.append((top, bottom))
    return [_area(upright, top, bottom) for top, bottom in bands]


def _area(upright: NDArray[np.bool_], top: int, bottom: int) -> Area:
    """With some pixels around, as level lines begin and end beside upright ones."""
    columns = np.flatnonzero(upright[top:bottom].any(axis=0))
    left, right = int(columns[0]) - _THICKEST_LINE, int(columns[-1]) + 1 + _THICKEST_LINE
    return Area(max(0, top - _THICKEST_LINE), bottom + _THICKEST_LINE, max(0, left), right)


def _is_ruled(level: NDArray[np.bool_]) -> bool:
    """Whether there are several lines one below the other."""
    marked = np.concatenate(([0], level.max(axis=1).astype(np.int8)))
    return int(np.count_nonzero(np.diff(marked) > 0)) >= _FEWEST


def _is_inked(dark: NDArray[np.bool_]) -> bool:
    """Whether so much is dark that these are no lines but what is left of a background between bright letters."""
    return float(dark.mean()) > _MOST_INK


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

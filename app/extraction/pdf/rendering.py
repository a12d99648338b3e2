"""Rendering: a page of a PDF, or an area of it, becomes an image for OCR."""

import ctypes
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from app.extraction.ocr.greyscale import MOST_PIXELS, GreyscaleImage
from app.extraction.pdf.page_objects import Box
from app.extraction.problems import Problem, ProblemError

_DOTS_PER_POINT = 300 / 72
_WHITE = 0xFFFFFFFF


def render_page(page: Any, most_pixels: int = MOST_PIXELS) -> GreyscaleImage:
    """The page in greyscale at 300 dots per inch, fewer where it is very large; raises `ProblemError`."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if width < 1 or height < 1:
        raise ProblemError(Problem.BROKEN, "a page without a size")
    scale = min(_DOTS_PER_POINT, (most_pixels / (width * height)) ** 0.5)
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        raise ProblemError(Problem.TOO_COMPLICATED, f"no room for {columns} x {rows} pixels")
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, _WHITE)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
    pdfium.FPDFBitmap_Destroy(bitmap)
    return np.frombuffer(pixels, np.uint8).reshape(rows, stride)[:, :columns]


def render_area(page: Any, box: Box, most_pixels: int = MOST_PIXELS) -> GreyscaleImage:
    """The part of the page in a box in page space; `most_pixels` are those of the page. Raises `ProblemError`."""
    image = render_page(page, most_pixels)
    rows, columns = image.shape
    corners = [_to_pixel(page, columns, rows, *corner) for corner in (box[:2], box[2:])]
    (left, right), (top, bottom) = (sorted(axis) for axis in zip(*corners, strict=True))
    return np.ascontiguousarray(image[max(0, top) : max(1, bottom), max(0, left) : max(1, right)])


def _to_pixel(page: Any, columns: int, rows: int, x: float, y: float) -> tuple[int, int]:
    column, row = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, columns, rows, 0, x, y, ctypes.byref(column), ctypes.byref(row))
    return column.value, row.value

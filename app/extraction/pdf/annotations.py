"""Annotations: the values of form fields and the notes written on a page, which are not part of its content."""

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from app.extraction.pdf.page_objects import upright_box
from app.extraction.pdf.text_spans import TextSpan

_MOST_ANNOTATIONS = 5_000
_MOST_BYTES = 200_000
_USUAL_SIZE = 10.0
_MARGIN = 2.0
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_SECRET = 1 << 13
"""The flag of fields for passwords (ISO 32000-1, table 228)."""

_VALUES = {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
_BUTTONS = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}
_CHECKED = "[x]"


def with_annotations(spans: list[TextSpan], page: Any, form: Any) -> list[TextSpan]:
    """The spans of a page and those of its annotations, each after the text that it is beside or below.

    `form` is pdfium's handle of the document's form, None where it has none.
    """
    count = min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)
    if not count:
        return spans
    size = Counter(span.size for span in spans).most_common(1)[0][0] if spans else _USUAL_SIZE
    found = list(spans)
    for number in range(count):
        with _annotation(page, number) as annotation:
            texts = _lines(annotation, form) if annotation else []
            box = _box(page, annotation) if texts else None
        if box:
            new = list(_spans(texts, box, size))
            position = _position(found, new[0])
            found[position:position] = new
    return found


@contextmanager
def _annotation(page: Any, number: int) -> Iterator[Any]:
    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    try:
        yield annotation or None
    finally:
        if annotation:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _lines(annotation: Any, form: Any) -> list[str]:
    """The lines that the annotation shows, none where it is hidden or shows no text."""
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return []
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    text = ""
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        text = _text(lambda *room: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", *room))
    elif kind == pdfium.FPDF_ANNOT_WIDGET and form:
        text = _value(annotation, form)
    return [line for line in map(" ".join, map(str.split, text.splitlines())) if line]


def _value(annotation: Any, form: Any) -> str:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _BUTTONS:
        state = _text(lambda *room: pdfium.FPDFAnnot_GetStringValue(annotation, b"AS", *room))
        return _CHECKED if state not in {"", "Off"} else ""
    if kind not in _VALUES or pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & _SECRET:
        return ""
    return _text(lambda *room: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, *room))


def _text(get: Callable[[Any, int], int]) -> str:
    """What a function of pdfium writes into a buffer as UTF-16, when it is told the room there is in bytes."""
    size = get(None, 0)
    if not 2 < size <= _MOST_BYTES:
        return ""
    buffer = ctypes.create_string_buffer(size)
    get(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "ignore")


def _box(page: Any, annotation: Any) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom in upright space."""
    edges = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(edges)):
        return None
    rotation = pdfium.FPDFPage_GetRotation(page)
    return upright_box(rotation, edges.left, edges.bottom, edges.right, edges.top)


def _spans(texts: Sequence[str], box: tuple[float, float, float, float], size: float) -> Iterator[TextSpan]:
    """The lines of a box from its top, a single one in its middle."""
    left, top, right, bottom = box
    first = (top + bottom - size) / 2 if len(texts) == 1 else top + _MARGIN
    for number, text in enumerate(texts):
        start = first + 1.2 * size * number
        yield TextSpan(text, left + _MARGIN, max(right, left + 2 * _MARGIN), start, start + size, size, bold=False)


def _position(spans: Sequence[TextSpan], new: TextSpan) -> int:
    """The place after the nearest text at its left, else before the first text that is drawn below it."""
    middle = (new.top + new.bottom) / 2
    beside = [n for n, span in enumerate(spans) if span.top <= middle <= span.bottom and span.left < new.left]
    if beside:
        return max(beside, key=lambda n: spans[n].left) + 1
    return next((n for n, span in enumerate(spans) if span.top > middle), len(spans))

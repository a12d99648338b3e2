"""Writes a table as lines of text, as WhatsApp shows no tables."""

from app.services.whatsapp.blocks import StyledSpan, plain

TableRow = list[list[StyledSpan]]
_LONGEST_LABEL = 40


def to_lines(header: TableRow, body: list[TableRow]) -> tuple[str, list[list[StyledSpan]]]:
    """The marker that each line begins with ("" or "- "), and the lines.

    Each row repeats the names of its columns ("Produto: Camiseta; Preço: R$ 50"). Where a name is longer than 40
    characters, or that of a column without values would be lost, the header row and the rows are written with
    bars ("Camiseta | R$ 50").
    """
    labels = [plain(cell).strip().rstrip(":") for cell in header]
    if _can_label(labels, body):
        return "- ", [_labelled(labels, row) for row in body]
    return "", [_joined(row) for row in (header, *body)]


def _can_label(labels: list[str], body: list[TableRow]) -> bool:
    used = {column for row in body for column, cell in enumerate(row) if plain(cell).strip()}
    lost = any(label and column not in used for column, label in enumerate(labels))
    return not lost and max(map(len, labels)) <= _LONGEST_LABEL


def _labelled(labels: list[str], row: TableRow) -> list[StyledSpan]:
    line: list[StyledSpan] = []
    for label, cell in zip(labels, row, strict=True):
        if not plain(cell).strip():
            continue
        if line:
            line.append(StyledSpan("; "))
        if label:
            line.append(StyledSpan(f"{label}: "))
        line += cell
    return line


def _joined(row: TableRow) -> list[StyledSpan]:
    line: list[StyledSpan] = []
    for cell in row:
        line += [*cell, StyledSpan(" | ")]
    return line[:-1]

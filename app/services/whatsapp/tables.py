"""A table becomes lines: WhatsApp shows no tables, and a telephone is narrow."""

from app.services.whatsapp.blocks import Run, plain

Row = list[list[Run]]
_LONGEST_LABEL = 40


def to_lines(header: Row, body: list[Row]) -> tuple[str, list[list[Run]]]:
    """What stands before each line, and the lines.

    Each row names its columns ("Produto: Camiseta; Preço: R$ 50"); where that would repeat long headings or lose
    one, heading and rows are written as they stand ("Camiseta | R$ 50").
    """
    labels = [plain(cell).strip().rstrip(":") for cell in header]
    if _can_label(labels, body):
        return "- ", [_labelled(labels, row) for row in body]
    return "", [_joined(row) for row in (header, *body)]


def _can_label(labels: list[str], body: list[Row]) -> bool:
    used = {column for row in body for column, cell in enumerate(row) if plain(cell).strip()}
    lost = any(label and column not in used for column, label in enumerate(labels))
    return not lost and max(map(len, labels)) <= _LONGEST_LABEL


def _labelled(labels: list[str], row: Row) -> list[Run]:
    line: list[Run] = []
    for label, cell in zip(labels, row, strict=True):
        if not plain(cell).strip():
            continue
        if line:
            line.append(Run("; "))
        if label:
            line.append(Run(f"{label}: "))
        line += cell
    return line


def _joined(row: Row) -> list[Run]:
    line: list[Run] = []
    for cell in row:
        line += [*cell, Run(" | ")]
    return line[:-1]

"""What was measured, as lines to read and as figures to keep."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; nothing was promised where `met` is None."""

    what: str
    value: str
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one part of the benchmark, and the figures behind them."""

    title: str
    rows: list[Row]
    figures: dict[str, Any] = field(default_factory=dict)


def at_most(what: str, value: float, limit: float, unit: str = "") -> Row:
    """A line that is met by a `value` up to `limit`."""
    return Row(what, _number(value, unit), f"≤ {_number(limit, unit)}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str = "") -> Row:
    """A line that is met by a `value` from `limit` on."""
    return Row(what, _number(value, unit), f"≥ {_number(limit, unit)}", value >= limit)


def render(sections: Iterable[Section]) -> str:
    """All sections as one table."""
    lines: list[tuple[str, str, str, str]] = [("", "value", "target", "met?")]
    for section in sections:
        lines += [("", "", "", ""), (section.title, "", "", "")]
        lines += [(f"  {row.what}", row.value, row.target, _yes_or_no(row.met)) for row in section.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def write(sections: Iterable[Section], file: Path) -> None:
    """Keep everything as JSON, with what there is to know of the machine; what `make stress` found stays."""
    machine = {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "vnni": _has_vnni(),
        "python": platform.python_version(),
    }
    _update(file, {"machine": machine, "sections": [asdict(section) for section in sections]})


def write_stress(proofs: dict[str, dict[str, Any]], file: Path) -> None:
    """Keep the figures of proofs under `stress`, beside those of other proofs and what was measured."""
    _update(file, {"stress": _read(file).get("stress", {}) | proofs})


def _update(file: Path, parts: dict[str, Any]) -> None:
    content = json.dumps(_read(file) | parts, indent=2, ensure_ascii=False)
    file.write_text(content + "\n", "utf-8")


def _read(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}


def _number(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 3 if value < 1 else 2
    return f"{value:.{digits}f} {unit}".rstrip()


def _has_vnni() -> bool | None:
    """Whether the processor has the instructions that make 8-bit models twice as fast; None: nobody knows."""
    try:
        return "vnni" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return None


def _yes_or_no(met: bool | None) -> str:
    return "" if met is None else "yes" if met else "NO"

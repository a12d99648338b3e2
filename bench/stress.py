"""make stress: the slow proofs, with the figures of those that hold in bench/results.json."""

import sys
from pathlib import Path
from typing import Any

import pytest

from bench.table import write_stress

_RESULTS = Path(__file__).parent / "results.json"


class Figures:
    """A plugin of pytest: gathers what proofs that hold handed to `record_property`.

    A proof in several tests hands over a dict of dicts from each, which are put together.
    """

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        parser.addoption("--kills", type=int, help="how often the service is killed; 100 unless told")
        parser.addoption("--outage-minutes", type=float, help="how long a provider is down; 0.5 unless told")
        parser.addoption("--soak-minutes", type=int, help="how long mixed traffic goes on; 10 unless told")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" or not report.passed:
            return
        properties: list[tuple[str, Any]] = report.user_properties
        for proof, figures in properties:
            kept = self.found.setdefault(proof, {})
            for name, value in figures.items():
                kept[name] = {**kept.get(name, {}), **value} if isinstance(value, dict) else value


def main() -> int:
    """Run the proofs; pytest's exit code. What it is given goes to pytest."""
    figures = Figures()
    code = pytest.main(["-m", "stress", *sys.argv[1:]], plugins=[figures])
    write_stress(figures.found, _RESULTS)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())

"""What the proofs found is kept beside what was measured, and only if they hold."""

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from bench.stress import Figures
from bench.table import Section, write, write_stress


def report(outcome: Literal["passed", "failed"], proof: str, figures: dict[str, Any]) -> pytest.TestReport:
    return pytest.TestReport(
        "test", ("test.py", 1, "test"), {}, outcome, None, "call", user_properties=[(proof, figures)]
    )


def test_figures_come_from_proofs_that_hold() -> None:
    figures = Figures()
    figures.pytest_runtest_logreport(report("passed", "copies", {"chats": 10}))
    figures.pytest_runtest_logreport(report("failed", "order", {"overtaken": 1}))
    assert figures.found == {"copies": {"chats": 10}}


def test_figures_of_several_tests_are_put_together() -> None:
    figures = Figures()
    for when, seconds in (("error", 2.8), ("message", 2.9)):
        figures.pytest_runtest_logreport(report("passed", "providers", {"hang": {when: seconds}}))
    assert figures.found == {"providers": {"hang": {"error": 2.8, "message": 2.9}}}


def test_measuring_and_proving_leave_each_other_s_figures_alone(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    write_stress({"copies": {"chats": 10}, "kills": {"kills": 30}}, file)
    write([Section("Start", [])], file)
    write_stress({"kills": {"kills": 100}}, file)
    results = json.loads(file.read_text())
    assert results["stress"] == {"copies": {"chats": 10}, "kills": {"kills": 100}}
    assert results["sections"][0]["title"] == "Start"

"""The CPU time of real processes."""

import os
import sys
import time

import pytest

from app.extraction.cpu_time import cpu_seconds


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it in /proc")
def test_work_counts_and_waiting_does_not() -> None:
    before = cpu_seconds(os.getpid())
    assert before is not None
    time.sleep(0.3)
    waited = cpu_seconds(os.getpid())
    assert waited is not None
    assert waited - before < 0.2

    until = time.process_time() + 0.3
    while time.process_time() < until:
        sum(range(1000))
    worked = cpu_seconds(os.getpid())
    assert worked is not None
    assert worked - waited >= 0.2


def test_a_process_that_is_gone_has_none() -> None:
    assert cpu_seconds(2**22 + 1) is None

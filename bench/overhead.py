"""What a message costs beside another version: `python -m bench.overhead FOLDER`, with a checkout of that version.

Both services run at the same time, each on a database of its own, and are loaded in turns, so that what else the
machine does falls on both.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from app.knowledge.embedding import open_embedder
from bench.children import database_of, stub_model
from bench.customers import Customers
from bench.installation import make_assistant
from bench.measuring import Target, measure
from bench.table import Section, at_most, render
from tests.e2e.service import PROJECT, free_port, launch

_CLIENTS = 4
_DOCUMENTS = 20
_MOST_PER_SECOND = 300
_MOST_TIMES = 1.1
_PATIENCE_SECONDS = 60


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(prog="python -m bench.overhead", description=__doc__)
    parser.add_argument("checkout", type=Path, help="the folder of the version to compare with")
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=5, help="under load, in each turn")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, stub_model(0) as model_url:
        places = Path(folder)
        with (
            _running(places / "now", PROJECT, model_url) as now,
            _running(places / "before", chosen.checkout.resolve(), model_url) as before,
        ):
            customers = Customers()  # who ask nothing twice
            costs = [
                [_cpu_ms(one, customers, chosen.seconds) for one in (now, before)] for _ in range(chosen.turns + 1)
            ]
    settled = costs[1:]  # the first turn warms up
    ours, theirs = (statistics.median(turn[side] for turn in settled) for side in (0, 1))
    times = statistics.median(turn[0] / turn[1] for turn in settled)
    line = at_most(f"CPU of a message ({ours:.1f} ms) : that version ({theirs:.1f} ms)", times, _MOST_TIMES, "×")
    print(render([Section("Messages beside another version", [line])]))


@contextmanager
def _running(folder: Path, checkout: Path, model_url: str) -> Iterator[Target]:
    """A version's service with an assistant that knows something."""
    (folder / "data").mkdir(parents=True)
    open_embedder("bundled", None, None, folder / "data", _PATIENCE_SECONDS)
    service = launch(
        folder,
        [sys.executable, str(checkout / "main.py")],
        PYTHONPATH=checkout,
        PORT=free_port(),
        LLM_MODEL="stub",
        LLM_BASE_URL=model_url,
        LLM_API_KEY="none",
        LOG_LEVEL="WARNING",
    )
    try:
        service.sign_in()
        assistant = make_assistant(service, _DOCUMENTS)
        process = psutil.Process(service.process.pid)
        port = int(service.url.rpartition(":")[2])
        yield Target(process, port, assistant["api_key"], database_of(process))
    finally:
        service.stop()


def _cpu_ms(target: Target, customers: Customers, seconds: int) -> float:
    """CPU ms a message, of the service and its database."""
    conversations = customers.conversations(_MOST_PER_SECOND * seconds)
    measured = measure(target, _CLIENTS, seconds, 0.1, conversations)
    return measured.cpu_ms + measured.database_cpu_ms


if __name__ == "__main__":
    main()

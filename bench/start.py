"""How fast the service starts, and how much memory it takes."""

import statistics
from pathlib import Path

from bench.children import resident_mb, stub_model
from bench.customers import Customers
from bench.installation import running
from bench.measuring import Target, measure
from bench.scale import Scale
from bench.table import Row, Section, at_most

_SECONDS = 5
_MEGABYTES = 400
_CLIENTS = 64
_THREADS = 84
_MESSAGES = 4000


def run(folder: Path, api_key: str, scale: Scale, customers: Customers) -> Section:
    """Start the service, which has been started before, several times; put the last one under load."""
    seconds = []
    with stub_model(0) as model_url:
        for _ in range(scale.starts - 1):
            with running(folder, model_url) as ours:
                seconds.append(ours.seconds)
        with running(folder, model_url, _THREADS) as ours:
            seconds.append(ours.seconds)
            idle = resident_mb(ours.process), resident_mb(ours.database)
            target = Target(ours.process, ours.port, api_key)
            measure(target, _CLIENTS, 2 * scale.seconds, 0, customers.conversations(_MESSAGES))
            loaded = resident_mb(ours.process), resident_mb(ours.database)
    median = statistics.median(seconds)
    rows = [
        at_most("seconds until /ready", median, _SECONDS),
        Row("resident MB, idle (database)", f"{idle[0]:.0f} ({idle[1]:.0f})"),
        at_most(f"resident MB, after {_CLIENTS} clients", loaded[0], _MEGABYTES),
        Row("  … of the database", f"{loaded[1]:.0f}"),
    ]
    figures = {
        "seconds": seconds,
        "idle_mb": {"service": idle[0], "database": idle[1]},
        "loaded_mb": {"service": loaded[0], "database": loaded[1]},
    }
    return Section("Start", rows, figures)

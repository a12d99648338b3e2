"""What counting a request costs, with few and with many callers."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from app.domain.rate_limits import Bucket, Counts, LimitClass, RateLimit
from app.security.redis_windows import RedisWindows
from app.services.rate_limits import RateLimiter
from app.services.rate_limits.limiter import Windows
from app.services.rate_limits.outages import Outages
from app.services.rate_limits.shared_windows import SharedWindows
from app.services.rate_limits.windows import ProcessWindows
from bench.table import Row, Section, at_most

_CALLERS = (10, 10_000)
_REQUESTS = 20_000
_LIMITS = {LimitClass.READS: RateLimit("reads", 100_000, 60)}
_MOST_MS = 0.3
_START_SECONDS = 1


class _NoOthers:
    """The counts of other processes, of which there are none."""

    def exchange(self, counts: Sequence[Counts], seconds: float) -> Mapping[str, Sequence[Bucket]]:
        return {one.key: [] for one in counts}


def run() -> Section:
    """CPU ms a request in this process: in memory, shared by a database, in Redis where there is one to start."""
    shared = SharedWindows(ProcessWindows(), _NoOthers(), Outages())
    rows: list[Row] = []
    for callers in _CALLERS:
        rows.append(_row("in memory", ProcessWindows(), callers))
        rows.append(_row("shared by a database, far from the limit", shared, callers))
    with _redis() as url:
        if url:
            rows += [_row("in Redis", RedisWindows(url), callers) for callers in _CALLERS]
    return Section("Rate limits", rows)


def _row(where: str, windows: Windows, callers: int) -> Row:
    limiter = RateLimiter(windows, Outages(), _LIMITS)
    names = cycle([f"user:{number}" for number in range(callers)])
    for name in islice(names, callers):
        limiter.take(LimitClass.READS, name)
    began = time.process_time()
    for name in islice(names, _REQUESTS):
        limiter.take(LimitClass.READS, name)
    cpu_ms = 1000 * (time.process_time() - began) / _REQUESTS
    return at_most(f"CPU ms a request, {callers:,} callers, {where}", cpu_ms, _MOST_MS)


@contextmanager
def _redis() -> Iterator[str | None]:
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder, "redis.sock")
        command = [program, "--port", "0", "--unixsocket", str(socket), "--save", ""]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            time.sleep(_START_SECONDS)
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait()

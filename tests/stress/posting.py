"""Webhooks at an even rate from a process of its own, so that nothing but the service makes them wait.

`python -m tests.stress.posting` reads a `Plan` as JSON, and writes how many seconds each webhook took.
"""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

import httpx

from tests.e2e.service import PROJECT, environment
from tests.fakes.graph_webhooks import message, of_messages, signature

_THREADS = 64
_PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to post, the app secret to sign with, how many webhooks a second, and for how long."""

    url: str
    secret: str
    per_second: int
    seconds: int


def post_all(plan: Plan) -> list[float]:
    """The seconds that each webhook took until its 200, in another process; raises `RuntimeError` without a 200."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.stress.posting"],
        env=environment(PROJECT),
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        timeout=plan.seconds + _PATIENCE_SECONDS,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(finished.stderr.strip().splitlines()[-1])
    return [float(one) for one in json.loads(finished.stdout)]


def _post(plan: Plan) -> list[float]:
    limits = httpx.Limits(max_connections=_THREADS, max_keepalive_connections=_THREADS)
    with httpx.Client(timeout=60, verify=False, limits=limits) as http, ThreadPoolExecutor(_THREADS) as threads:

        def one(number: int) -> float:
            at = str(int(time.time()))
            body = of_messages(message(f"wamid.{number}", "Oi", f"55139{number:08d}", timestamp=at))
            signed = {"X-Hub-Signature-256": signature(body, plan.secret)}
            began = time.perf_counter()
            http.post(plan.url, content=body, headers=signed).raise_for_status()
            return time.perf_counter() - began

        one(0)
        began, posted = time.monotonic(), []
        for number in range(1, plan.per_second * plan.seconds + 1):
            time.sleep(max(0.0, began + number / plan.per_second - time.monotonic()))
            posted.append(threads.submit(one, number))
        return [each.result() for each in posted]


if __name__ == "__main__":
    json.dump(_post(Plan(**json.load(sys.stdin))), sys.stdout)

"""One server under load: what came out of it, and what it used."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import psutil

from bench.children import cpu_seconds
from bench.load import Plan, Report
from tests.e2e.service import PROJECT, environment

_PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Target:
    """A server that takes messages; `database` is the other process that works for it."""

    process: psutil.Process
    port: int
    api_key: str = ""
    database: psutil.Process | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """Latencies in seconds; CPU in milliseconds per message: of the server, its database, and the clients."""

    latencies: list[float]
    per_second: float
    cpu_ms: float
    database_cpu_ms: float
    clients_cpu_ms: float


def measure(
    target: Target, clients: int, seconds: float, stagger: float, conversations: list[list[str]]
) -> Measurement:
    """Load a server for `seconds`; latencies and rate count from the time all clients are there.

    Raises `RuntimeError` when a message was refused.
    """
    plan = Plan(
        target.port,
        "/chats/enviarMensagemLLM",
        {"X-API-Key": target.api_key},
        clients,
        stagger + seconds,
        stagger,
        conversations,
    )
    watched = [target.process, *([target.database] if target.database else [])]
    before = [cpu_seconds(process) for process in watched]
    report = _play(plan)
    used = [cpu_seconds(process) - start for process, start in zip(watched, before, strict=True)]
    if report.refused or not report.answers:
        raise RuntimeError(f"{report.refused} of {len(report.answers)} messages were refused")
    settled = [took for came, took in report.answers if stagger <= came <= plan.seconds]
    per_message = [1000 * one / len(report.answers) for one in (*used, report.cpu_seconds)]
    return Measurement(
        latencies=settled,
        per_second=len(settled) / seconds,
        cpu_ms=per_message[0],
        database_cpu_ms=per_message[1] if target.database else 0.0,
        clients_cpu_ms=per_message[-1],
    )


def summary(measurements: Iterable[Measurement]) -> dict[str, float]:
    """Percentiles of all latencies in ms, and the medians of the rest."""
    taken = list(measurements)
    percentiles = statistics.quantiles([one for each in taken for one in each.latencies], n=100, method="inclusive")
    return {
        "p50_ms": percentiles[49] * 1000,
        "p95_ms": percentiles[94] * 1000,
        "p99_ms": percentiles[98] * 1000,
        "messages_per_second": statistics.median(each.per_second for each in taken),
        "cpu_ms_per_message": statistics.median(each.cpu_ms for each in taken),
        "database_cpu_ms_per_message": statistics.median(each.database_cpu_ms for each in taken),
        "clients_cpu_ms_per_message": statistics.median(each.clients_cpu_ms for each in taken),
    }


def _play(plan: Plan) -> Report:
    finished = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        env=environment(PROJECT),
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        timeout=plan.seconds + _PATIENCE_SECONDS,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(f"the clients failed: {finished.stderr.strip().splitlines()[-1]}")
    answered: dict[str, Any] = json.loads(finished.stdout)
    return Report(**answered)

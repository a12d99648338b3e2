"""Processes that the benchmark starts, and what they use up."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

import psutil

from tests.e2e.service import PROJECT, environment

_STOP_SECONDS = 20


@contextmanager
def stub_model(seconds: float, text: str = "Resposta do modelo.") -> Iterator[str]:
    """The URL of a model that takes `seconds` to answer `text`."""
    with _child("tests.fakes.openai_server", "--delay-ms", str(seconds * 1000), "--text", text) as (_, url):
        yield url


@contextmanager
def bare_server(model_url: str, threads: int) -> Iterator[tuple[psutil.Process, int]]:
    """The bare route's process and port."""
    with _child("bench.bare", "--threads", str(threads), "--model-url", model_url) as (process, port):
        yield psutil.Process(process.pid), int(port)


def database_of(service: psutil.Process) -> psutil.Process:
    """The process of the embedded database."""
    return next(child for child in service.children() if "secantus" in child.cmdline())


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of the process and of its children that have ended."""
    return float(sum(process.cpu_times()[:4]))


def resident_mb(process: psutil.Process) -> float:
    """Memory of the process itself, in units of 10⁶ bytes."""
    return float(process.memory_info().rss / 1e6)


@contextmanager
def _child(module: str, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A module of ours as a process, and the first line it prints, which says that it is there."""
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, env=environment(PROJECT), stdout=subprocess.PIPE, text=True)
    try:
        yield process, cast("IO[str]", process.stdout).readline().strip()
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()

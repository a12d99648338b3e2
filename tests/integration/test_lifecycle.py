"""How a process ends that serves through `GracefulExit`."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NOT_UNDER_NOHUP = pytest.mark.skipif(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN, reason="under nohup")
SERVER = """
import sys, threading, time
from app.lifecycle import GracefulExit

go_on = threading.Event()

def app(environ, start_response):
    go_on.wait({seconds})
    print("answered", flush=True)
    return [b""]

graceful = GracefulExit(app, lambda: print("closed", flush=True), {longest})
graceful.install()

def request():
    body = graceful({{}}, None)
    list(body)
    body.close()

threading.Thread(target=request, daemon=True).start()
print("serving", flush=True)
try:
    while True:
        time.sleep(1)  # as a server's loop does, which looks up now and then
except KeyboardInterrupt:
    print("stopped", flush=True)
"""

Serve = Callable[[float, float], "subprocess.Popen[str]"]


@pytest.fixture
def serve() -> Serve:
    """Start a process with one request that takes so long, and so much patience."""

    def start(seconds: float, longest: float) -> "subprocess.Popen[str]":
        script = SERVER.format(seconds=seconds, longest=longest)
        child = subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "serving\n"
        return child

    return start


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, pytest.param(signal.SIGHUP, marks=NOT_UNDER_NOHUP)]
)
def test_what_is_under_way_is_finished_first(serve: Serve, number: signal.Signals) -> None:
    child = serve(1, 30)
    child.send_signal(number)

    assert child.communicate(timeout=30)[0].split() == ["answered", "stopped", "closed"]
    assert child.returncode == 0


def test_one_signal_that_comes_twice_is_one(serve: Serve) -> None:
    child = serve(1, 30)
    child.send_signal(signal.SIGINT)
    child.send_signal(signal.SIGTERM)

    assert child.communicate(timeout=30)[0].split() == ["answered", "stopped", "closed"]


def test_patience_has_an_end(serve: Serve) -> None:
    child = serve(60, 0.1)
    child.send_signal(signal.SIGTERM)

    assert child.communicate(timeout=30)[0].split() == ["stopped", "closed"]


def test_under_nohup_the_end_of_the_terminal_ends_nothing(serve: Serve) -> None:
    with_sighup_ignored = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        child = serve(0.5, 30)
    finally:
        signal.signal(signal.SIGHUP, with_sighup_ignored)
    child.send_signal(signal.SIGHUP)
    assert child.stdout is not None
    assert child.stdout.readline() == "answered\n"
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(2)

    child.send_signal(signal.SIGTERM)
    assert child.communicate(timeout=30)[0].split() == ["stopped", "closed"]

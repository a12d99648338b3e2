"""Runs one worker process for each file, within limits, and makes sure that it ends."""

import json
import logging
import math
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from app.domain.disk_full import is_disk_full
from app.domain.file_text import FileText
from app.extraction.cpu_time import cpu_seconds
from app.extraction.problems import Problem
from app.extraction.request import (
    EXIT_DISK_FULL,
    MOST_PICTURES,
    PATIENCE,
    PICTURE_DONE,
    PICTURES_ANNOUNCED,
    SECONDS_PER_PICTURE,
    Request,
)

_PROJECT = Path(__file__).resolve().parents[2]
_POLL_SECONDS = 0.3
_MOST_ATTEMPTS = 2
_SHORTEST_WAIT = 5.0
_THREADS = (
    *("RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS", "MALLOC_ARENA_MAX"),
    *("OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"),
)
_MEMORY_KEPT = str(16 * 1024 * 1024)
_LONGEST_ANNOUNCEMENT = 32 + MOST_PICTURES

_log = logging.getLogger(__name__)


class _TooBusyError(Exception):
    """The time by the clock is up, though the worker has not had the CPU time it may use."""


class Sandbox:
    """Reads files in worker processes; `max_seconds` of CPU time for each, `max_memory` in bytes.

    By the clock a worker may take `PATIENCE` times as long; one that had too little of the CPU until then is
    started once more.
    """

    def __init__(self, scratch: Path, *, max_seconds: float, max_memory: int, max_characters: int) -> None:
        self._scratch = scratch
        self._max_seconds = max_seconds
        self._max_memory = max_memory
        self._max_characters = max_characters

    def read(self, descriptor: int, ending: str, check: Callable[[float], None]) -> FileText:
        """The text of an open file.

        Raises `ExtractionError`, `DiskFullError`, and what `check` raises, with the worker killed.
        """
        for _ in range(_MOST_ATTEMPTS):
            try:
                return self._read_once(descriptor, ending, check)
            except _TooBusyError:
                _log.warning("a worker had no time to read a %s file", ending)
            except OSError as error:
                if not is_disk_full(error):
                    raise
                raise Problem.DISK_FULL.error() from error
        raise Problem.TOO_BUSY.error()

    def _read_once(self, descriptor: int, ending: str, check: Callable[[float], None]) -> FileText:
        os.lseek(descriptor, 0, os.SEEK_SET)  # where the worker goes on, which shares it
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A file without a name cannot be left behind, cannot block a writer, and RLIMIT_FSIZE bounds it.
        with tempfile.TemporaryFile(dir=self._scratch) as output:
            lifeline, held_by_worker = os.pipe()
            try:
                process = self._start(descriptor, ending, output, held_by_worker)
            finally:
                os.close(held_by_worker)
            try:
                return_code = self._wait_for(process, lifeline, output, check)
            finally:
                os.close(lifeline)
            output.seek(0)
            last_line = output.read().rstrip().rpartition(b"\n")[2]
        if return_code != 0:
            _log.warning("extraction of a %s file ended with code %s: %s", ending, return_code, last_line[:300])
            raise _problem_behind(return_code).error()
        return _text_in(last_line, ending)

    def _start(
        self, descriptor: int, ending: str, output: IO[bytes], held_by_worker: int
    ) -> subprocess.Popen[bytes]:
        request = Request(
            descriptor=descriptor,
            ending=ending,
            seconds=math.ceil(self._max_seconds) + 1,
            memory_bytes=self._max_memory,
            max_characters=self._max_characters,
            parent=os.getpid(),
            tesseract=shutil.which("tesseract") or "",
        )
        # Without `site`, which takes longer to start than a short file to read.
        return subprocess.Popen(
            [sys.executable, "-S", "-m", "app.extraction.worker", json.dumps(request)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self._scratch,
            env=self._environment(),
            start_new_session=True,
            pass_fds=(descriptor, held_by_worker),
        )

    def _environment(self) -> dict[str, str]:
        """Nothing of ours, and one thread: each further one takes its share of the address space.

        What one page needed is kept for the next: a fifth of the time would go into giving memory back.
        """
        threads = dict.fromkeys(_THREADS, "1")
        scratch = str(self._scratch.resolve())
        packages = [str(_PROJECT), *(place for place in sys.path if place.endswith("-packages"))]
        return {
            "TMPDIR": scratch,
            "HOME": scratch,
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join(packages),
            "MALLOC_TOP_PAD_": _MEMORY_KEPT,
            **threads,
        }

    def _wait_for(
        self, process: subprocess.Popen[bytes], lifeline: int, output: IO[bytes], check: Callable[[float], None]
    ) -> int:
        """Its exit code (negative: the signal that ended it); raises when its time is up."""
        end_of_worker = select.poll()
        end_of_worker.register(lifeline, select.POLLIN)
        started = time.monotonic()
        try:
            while not end_of_worker.poll(1000 * min(self._max_seconds, _POLL_SECONDS)):
                pictures, recognised = _pictures(output)
                check(recognised / pictures if pictures else 0.0)
                self._check_time(process.pid, time.monotonic() - started, pictures)
            return process.wait(_POLL_SECONDS)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _check_time(self, pid: int, elapsed: float, pictures: int) -> None:
        """Raises where a worker has used the CPU time it may use, or has waited for it for too long."""
        most = self._max_seconds + SECONDS_PER_PICTURE * pictures
        used = cpu_seconds(pid)
        if (elapsed if used is None else used) > most:
            _log.warning("extraction took longer than %s s", most)
            raise Problem.TOO_SLOW.error()
        if elapsed > max(PATIENCE * most, _SHORTEST_WAIT):
            raise _TooBusyError


def _text_in(answer: bytes, ending: str) -> FileText:
    content = json.loads(answer)
    if "problem" in content:
        _log.info("extraction of a %s file: %s %s", ending, content["problem"], content["detail"])
        raise Problem[content["problem"]].error()
    return FileText(str(content["text"]), content.get("warning"))


def _pictures(output: IO[bytes]) -> tuple[int, int]:
    """In how many pictures the worker recognises text, and in how many it has."""
    line, _, rest = os.pread(output.fileno(), _LONGEST_ANNOUNCEMENT, 0).partition(b"\n")
    number = line.removeprefix(PICTURES_ANNOUNCED)
    announced = int(number) if number != line and number.isdigit() else 0
    return announced, min(announced, len(rest) - len(rest.lstrip(PICTURE_DONE)))


def _problem_behind(return_code: int) -> Problem:
    """Parsers abort for want of memory and crash on what they cannot digest; SIGKILL comes from outside."""
    if return_code == EXIT_DISK_FULL:
        return Problem.DISK_FULL
    if -return_code == signal.SIGXCPU:
        return Problem.TOO_SLOW
    if -return_code == signal.SIGALRM:
        return Problem.TOO_BUSY
    if -return_code in {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}:
        return Problem.INTERRUPTED
    return Problem.TOO_COMPLICATED

"""A file becomes text: text files here, all others in a child process that may fail in any way."""

import json
import logging
import math
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO

from app.knowledge.extraction.child import Request
from app.knowledge.extraction.cleaning import clean
from app.knowledge.extraction.decoding import decode, is_text
from app.knowledge.extraction.formats import TEXT_FORMATS, format_of
from app.knowledge.extraction.problems import Problem
from app.knowledge.extraction.tables import csv_to_lines

_PROJECT = Path(__file__).resolve().parents[3]
_MOST_BYTES_PER_CHARACTER = 4
_MEGABYTE = 1024 * 1024

_log = logging.getLogger(__name__)


class Extractor:
    """Gets the text out of documents.

    `scratch` is a folder for the parsers' own files, made when it is needed; it must not be one where strangers
    can write, as a library is loaded from it. `max_seconds` bounds a file's wall time.
    """

    def __init__(
        self,
        scratch: Path,
        *,
        max_seconds: float = 60,
        max_memory_mb: int = 1024,
        max_characters: int = 10_000_000,
    ) -> None:
        self._scratch = scratch
        self._max_seconds = max_seconds
        self._max_memory = max_memory_mb * _MEGABYTE
        self._max_characters = max_characters

    def extract(self, path: Path, filename: str) -> str:
        """The text of the file at `path`, as Markdown where the structure is known; never empty.

        `filename` is the uploaded name and tells the format. Raises `ExtractionError` with a sentence for
        the uploader.
        """
        ending = format_of(filename)
        if path.stat().st_size == 0:
            raise Problem.EMPTY.error()
        return self._read_text(path, ending) if ending in TEXT_FORMATS else self._run_child(path, ending)

    def _read_text(self, path: Path, ending: str) -> str:
        if path.stat().st_size > self._max_characters * _MOST_BYTES_PER_CHARACTER:
            raise Problem.TOO_MUCH_TEXT.error()
        data = path.read_bytes()
        if not is_text(data):
            raise Problem.BROKEN.error()
        text = clean(decode(data))
        if ending == ".csv":
            text = csv_to_lines(text)
        if not text:
            raise Problem.EMPTY.error()
        if len(text) > self._max_characters:
            raise Problem.TOO_MUCH_TEXT.error()
        return text

    def _run_child(self, path: Path, ending: str) -> str:
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A file without a name cannot be left behind, cannot block a writer, and RLIMIT_FSIZE bounds it.
        with tempfile.TemporaryFile(dir=self._scratch) as output:
            return_code = self._wait_for(self._start(path, ending, output))
            output.seek(0)
            last_line = output.read().rstrip().rpartition(b"\n")[2]
        if return_code != 0:
            _log.warning("extraction of a %s file ended with code %s: %s", ending, return_code, last_line[:300])
            raise _problem_behind(return_code).error()
        answer = json.loads(last_line)
        if "problem" in answer:
            _log.info("extraction of a %s file: %s %s", ending, answer["problem"], answer["detail"])
            raise Problem[answer["problem"]].error()
        return str(answer["text"])

    def _start(self, path: Path, ending: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
        request = Request(
            path=str(path.resolve()),
            ending=ending,
            seconds=math.ceil(self._max_seconds) + 1,
            memory_bytes=self._max_memory,
            max_characters=self._max_characters,
            parent=os.getpid(),
        )
        return subprocess.Popen(
            [sys.executable, "-m", "app.knowledge.extraction.child", json.dumps(asdict(request))],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=_PROJECT,
            env=self._environment(),
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        """Nothing of ours, and one thread: each further one takes its share of the address space."""
        scratch = str(self._scratch.resolve())
        threads = dict.fromkeys(("RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS", "MALLOC_ARENA_MAX"), "1")
        return {"TMPDIR": scratch, "HOME": scratch, "LANG": "C.UTF-8", **threads}

    def _wait_for(self, process: subprocess.Popen[bytes]) -> int:
        """Its exit code (negative: the signal that ended it); raises when its time is up."""
        try:
            return process.wait(self._max_seconds)
        except subprocess.TimeoutExpired:
            _log.warning("extraction took longer than %s s", self._max_seconds)
            raise Problem.TOO_SLOW.error() from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _problem_behind(return_code: int) -> Problem:
    """Parsers abort for want of memory and crash on what they cannot digest; SIGKILL comes from outside."""
    if -return_code in {signal.SIGXCPU, signal.SIGALRM}:
        return Problem.TOO_SLOW
    if -return_code in {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}:
        return Problem.INTERRUPTED
    return Problem.TOO_COMPLICATED

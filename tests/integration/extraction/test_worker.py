"""The worker as a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from app.extraction.request import EXIT_DISK_FULL, Request
from tests.fakes import files


def test_an_answer_that_does_not_fit_on_the_disk_ends_with_an_exit_code_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(files.html("texto"))
    with path.open("rb") as file, Path("/dev/full").open("wb") as full:
        request = Request(file.fileno(), ".html", 30, 2**30, 1000, os.getpid(), "")
        command = [sys.executable, "-m", "app.extraction.worker", json.dumps(request)]
        done = subprocess.run(command, stdout=full, pass_fds=[file.fileno()], timeout=60, check=False)

    assert done.returncode == EXIT_DISK_FULL

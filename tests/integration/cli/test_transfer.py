"""export asks a person before it overwrites a file, and refuses where nobody can be asked."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.service import environment


def export_over(folder: Path, stdin: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "app", "export", "all.zip"],
        cwd=folder,
        env=environment(folder),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    file = tmp_path / "all.zip"
    file.write_text("an earlier export")
    return file


def test_a_person_may_say_no(earlier: Path) -> None:
    terminal, stdin = pty.openpty()
    asking = export_over(earlier.parent, stdin)
    os.write(terminal, b"n\n")
    said, _ = asking.communicate(timeout=60)
    os.close(terminal)
    os.close(stdin)

    assert asking.returncode == 1
    assert "Overwrite it?" in said
    assert earlier.read_text() == "an earlier export"


def test_where_nobody_can_be_asked_it_is_refused(earlier: Path) -> None:
    refused = export_over(earlier.parent, subprocess.DEVNULL)

    assert "--force" in refused.communicate(timeout=60)[0]
    assert refused.returncode == 1
    assert earlier.read_text() == "an earlier export"

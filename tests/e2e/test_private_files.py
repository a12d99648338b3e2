"""What the service writes is for its own user alone, whatever the umask and whoever made the folders before."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.service import free_port, running

WAITRESS = [sys.executable, "-m", "waitress", "--call", "main:create_app"]


@pytest.fixture
def _open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def readable_by_others(folder: Path) -> list[str]:
    """What is in a folder and not for its owner alone."""
    paths = [folder, *folder.rglob("*")]
    return [str(path) for path in paths if not path.is_symlink() and path.exists() and path.stat().st_mode & 0o077]


@pytest.mark.usefixtures("_open_umask")
@pytest.mark.parametrize("server", ["main.py", pytest.param("waitress-serve", marks=pytest.mark.stress)])
def test_folders_and_files_are_for_their_owner_alone(new_place: Path, server: str) -> None:
    documents = new_place / "documents"
    documents.mkdir(mode=0o755)
    (new_place / "data").chmod(0o755)
    port = free_port()
    command = None if server == "main.py" else [*WAITRESS[:-2], f"--port={port}", *WAITRESS[-2:]]
    with running(new_place, command, PORT=port) as service:
        assistant = service.make_assistant()
        service.upload(assistant["_id"], b"O frete custa R$ 20.", "frete.txt")
        service.upload(assistant["_id"], b"Responda bem.", "prompt.txt", kind="prompt")
        assert service.say(assistant["api_key"], "Quanto custa o frete?").status_code == 200

        assert [*readable_by_others(new_place / "data"), *readable_by_others(documents)] == []
        assert list(documents.rglob("frete.txt"))
        assert list((new_place / "data" / "index").rglob("*"))
    assert [*readable_by_others(new_place / "data"), *readable_by_others(documents)] == []
    assert "DOCUMENTS_DIR: other users of this machine could enter" in (new_place / "stderr").read_text()

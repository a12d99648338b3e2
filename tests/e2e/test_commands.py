"""python -m app export, import, sync and reset-password, as an administrator types them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.domain.ids import new_id
from tests.e2e.service import environment, running

QUESTION = "De quanto tempo é a garantia?"


def command(folder: Path, *words: str, **settings: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory, bundled_models: Path) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(bundled_models)
    return folder


@pytest.mark.stress
def test_everything_moves_from_the_embedded_database_to_another_server(
    place: Path, elsewhere: Path, database_uri: str
) -> None:
    with running(place) as service:
        assistant = service.make_assistant()
        service.upload(assistant["_id"], b"A garantia e de dois anos.", "garantia.txt")
        before = service.say(assistant["api_key"], QUESTION).json()
        exported = command(place, "export", "all.jsonl.gz")
    assert exported.returncode == 0, exported.stderr
    assert "1 files" in exported.stdout
    target: dict[str, Any] = {
        "MONGODB_URI": database_uri,
        "MONGODB_DB": f"test_{new_id()}",
        "SECRET_KEY": (place / "data" / "secret_key").read_text(),
    }
    imported = command(elsewhere, "import", str(place / "all.jsonl.gz"), **target)
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout.split()[1:5] == exported.stdout.split()[1:5]
    with running(elsewhere, **target) as service:
        assert service.http.get(f"/chats/get/{before['_id']}").json() == before
        assert service.http.get("/assistants/list").json() == [assistant]
        assert service.say(assistant["api_key"], QUESTION).json()["response"] == before["response"]


@pytest.mark.stress
def test_usage_is_rebuilt_beside_the_service_and_goes_with_an_export(
    place: Path, elsewhere: Path, database_uri: str
) -> None:
    with running(place) as service:
        assistant = service.make_assistant()
        service.say(assistant["api_key"], QUESTION)
        before = service.http.get("/usage").json()
        rebuilt = command(place, "usage", "rebuild")
        assert rebuilt.returncode == 0, rebuilt.stderr
        assert rebuilt.stdout == "Rebuilt 1 counters of 1 assistants.\n"
        assert service.http.get("/usage").json() == before
        service.say(assistant["api_key"], QUESTION)  # which is not counted yet
        assert command(place, "export", "all.jsonl.gz").returncode == 0
    target: dict[str, Any] = {
        "MONGODB_URI": database_uri,
        "MONGODB_DB": f"test_{new_id()}",
        "SECRET_KEY": (place / "data" / "secret_key").read_text(),
    }
    imported = command(elsewhere, "import", str(place / "all.jsonl.gz"), **target)
    assert imported.returncode == 0, imported.stderr
    with running(elsewhere, **target) as service:
        ((messages, answered),) = [(row["messages"], row["answered"]) for row in service.http.get("/usage").json()]
    assert (messages, answered) == (2, 2)


def test_an_import_under_another_secret_is_refused_in_one_line(place: Path, elsewhere: Path) -> None:
    assert command(place, "export", "all.jsonl.gz").returncode == 0
    again = command(place, "export", "all.jsonl.gz")
    assert again.returncode == 1
    assert "all.jsonl.gz exists already; --force overwrites it." in again.stderr
    assert command(place, "export", "--force", "all.jsonl.gz").returncode == 0
    refused = command(elsewhere, "import", str(place / "all.jsonl.gz"), SECRET_KEY="x" * 32)
    assert refused.returncode == 1
    assert "SECRET_KEY" in refused.stderr.splitlines()[-1]


def test_sync_takes_in_files_put_there_by_hand(place: Path) -> None:
    with running(place) as service:
        assistant = service.make_assistant()
        folder = place / "documents" / assistant["_id"]
        (folder / "knowledge").mkdir(parents=True)
        (folder / "knowledge" / "garantia.txt").write_text("A garantia é de dois anos.")
        (folder / "knowledge" / "foto.exe").write_text("?")
        (folder / "knowledge" / "fora.txt").symlink_to("/etc/hostname")
        (folder / "prompt.txt").write_text("Seja breve.")
        first = command(place, "sync")
        assert first.returncode == 1
        assert sorted(line.split()[0] for line in first.stdout.splitlines()) == ["new", "new", "refused", "skipped"]
        assert "dois anos" in service.say(assistant["api_key"], QUESTION).json()["response"]
        (folder / "knowledge" / "foto.exe").unlink()
        (folder / "knowledge" / "garantia.txt").write_text("A garantia é de três anos.")
        second = command(place, "sync")
        assert second.returncode == 0, second.stdout
        assert sorted(line.split()[0] for line in second.stdout.splitlines()) == ["changed", "skipped", "unchanged"]
        assert "três anos" in service.say(assistant["api_key"], QUESTION).json()["response"]
        kinds = {document["type"]: document["filename"] for document in service.http.get("/documents/list").json()}
        assert kinds == {"rag": "garantia.txt", "prompt": "prompt.txt"}


def test_a_forgotten_password_is_reset_beside_the_service(place: Path) -> None:
    with running(place) as service:
        service.make_assistant()
        made = command(place, "reset-password", "ANA@example.com")
        assert made.returncode == 0, made.stderr
        link, note = made.stdout.splitlines()
        assert link.startswith("http://127.0.0.1:8080/painel/#/redefinir-senha/")
        assert "UTC" in note
        token = link.rpartition("/")[2]
        changed = service.http.post("/auth/resetPassword", json={"token": token, "password": "uma senha nova"})
        assert changed.status_code == 200
        assert service.http.get("/auth/me").status_code == 401
        unknown = command(place, "reset-password", "nobody@example.com")
        assert unknown.returncode == 1
        assert unknown.stderr.splitlines() == ["Not done. There is no such user."]

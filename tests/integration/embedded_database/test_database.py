"""The embedded database as a child process: owned, private, and gone when its owner is gone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from app.embedded_database import DatabaseInUseError, EmbeddedDatabase, EmbeddedDatabaseError, running_uri
from app.embedded_database.errors import ServerEndedError
from app.embedded_database.folder import MAX_LOG_BYTES, DatabaseFolder
from app.embedded_database.server import DatabaseServer, free_port

PATIENCE_SECONDS = 30.0
OWNER = """
import sys, threading
from pathlib import Path
from app.embedded_database import EmbeddedDatabase
database = EmbeddedDatabase(Path(sys.argv[1]))
starter = threading.Thread(target=lambda: print(database.start(), flush=True))
starter.start()
starter.join()
sys.stdin.read()
"""


def until(condition: Callable[[], object]) -> None:
    """Wait for something that takes a moment, and fail if it never comes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def client(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=10_000)


def server_pid(uri: str) -> int:
    with client(uri) as connection:
        return int(connection.admin.command("serverStatus")["pid"])


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after a first start, which takes twice the time of any other."""
    data_dir = tmp_path_factory.mktemp("made_once")
    database = EmbeddedDatabase(data_dir)
    database.start()
    database.stop()
    return data_dir


@pytest.fixture
def empty_dir(tmp_path: Path) -> Path:
    return tmp_path / "dados do serviço"


@pytest.fixture
def data_dir(empty_dir: Path, made_once: Path) -> Path:
    return shutil.copytree(made_once, empty_dir)


@pytest.fixture
def database(data_dir: Path) -> Iterator[EmbeddedDatabase]:
    database = EmbeddedDatabase(data_dir)
    yield database
    database.stop()


@contextmanager
def owner(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that starts the database, from a thread that ends at once, and lives on."""
    command = [sys.executable, "-c", OWNER, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_rows_survive_a_stop(database: EmbeddedDatabase, data_dir: Path) -> None:
    with client(database.start()) as connection:
        connection.shop.items.insert_one({"_id": 1, "name": "café"})
    database.stop()
    assert database.pid is None
    with client(database.start()) as connection:
        assert connection.shop.items.find_one() == {"_id": 1, "name": "café"}


def test_its_clients_writes_wait_for_the_disk(database: EmbeddedDatabase) -> None:
    with client(database.start()) as connection:
        assert connection.shop.items.write_concern.document["j"]


def test_asks_for_the_password(database: EmbeddedDatabase) -> None:
    uri = database.start()
    for stranger in (uri.split("@")[1], "orquestradora:wrong@" + uri.split("@")[1]):
        with client(f"mongodb://{stranger}") as connection, pytest.raises(OperationFailure):
            connection.shop.items.find_one()


def test_is_private(database: EmbeddedDatabase, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECANTUS_TEST_FAST_STORAGE", "1")
    database.start()
    assert database.pid is not None
    process = psutil.Process(database.pid)
    assert {connection.laddr.ip for connection in process.net_connections()} == {"127.0.0.1"}
    assert not [name for name in process.environ() if name.startswith("SECANTUS_")]
    assert os.getsid(process.pid) != os.getsid(0), "a Ctrl-C in the terminal would reach it"
    folder = data_dir / "database"
    assert mode(folder) == 0o700
    assert [mode(folder / name) for name in ("password", "uri", "lock", "log")] == [0o600] * 4
    assert (folder / "password").read_text() not in " ".join(process.cmdline())


def test_tells_other_programs_where_it_runs(database: EmbeddedDatabase, data_dir: Path) -> None:
    assert running_uri(data_dir) is None
    uri = database.start()
    assert running_uri(data_dir) == uri
    database.stop()
    assert running_uri(data_dir) is None
    assert not (data_dir / "database" / "uri").exists()


def test_a_second_owner_is_refused(database: EmbeddedDatabase, data_dir: Path) -> None:
    uri = database.start()
    with pytest.raises(DatabaseInUseError, match=f"in use by another process .pid {os.getpid()}"):
        EmbeddedDatabase(data_dir).start()
    assert running_uri(data_dir) == uri
    assert server_pid(uri) == database.pid


def test_a_second_start_is_refused_and_harmless(database: EmbeddedDatabase) -> None:
    uri = database.start()
    with pytest.raises(EmbeddedDatabaseError, match="started already"):
        database.start()
    assert server_pid(uri) == database.pid


def test_stop_is_harmless_when_nothing_runs(database: EmbeddedDatabase) -> None:
    database.stop()
    database.start()
    database.stop()
    database.stop()


def test_lives_on_when_the_starting_thread_ends(database: EmbeddedDatabase) -> None:
    started: list[tuple[str, int | None]] = []
    starter = threading.Thread(target=lambda: started.append((database.start(), database.pid)))
    starter.start()
    starter.join()
    time.sleep(0.5)  # the kernel would have ended it by now
    [(uri, pid)] = started
    assert server_pid(uri) == database.pid == pid


def test_comes_back_after_it_was_killed(database: EmbeddedDatabase, caplog: pytest.LogCaptureFixture) -> None:
    with client(database.start()) as connection:
        items = connection.shop.items
        items.insert_many([{"_id": number} for number in range(50)])
        first = database.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: database.pid not in (None, first))
        until(lambda: count(items) == 50)
        items.insert_one({"_id": 50})
        assert count(items) == 51
    assert "ended unexpectedly (exit status -9)" in caplog.text


def gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def count(items: Any) -> int | None:
    try:
        return int(items.count_documents({}))
    except PyMongoError:
        return None


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_dies_with_its_owner(database: EmbeddedDatabase, data_dir: Path) -> None:
    with owner(data_dir) as process:
        assert process.stdout is not None
        uri = process.stdout.readline().strip()
        assert running_uri(data_dir) == uri
        with client(uri) as connection:
            connection.shop.items.insert_one({"_id": "acknowledged"})
        child = psutil.Process(server_pid(uri))
    until(lambda: gone(child))
    assert (data_dir / "database" / "uri").exists(), "the stale file that must fool nobody"
    until(lambda: running_uri(data_dir) is None)
    with client(database.start()) as connection:
        assert connection.shop.items.find_one() == {"_id": "acknowledged"}


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_a_first_start_that_was_cut_off_leaves_nothing_open(empty_dir: Path) -> None:
    unfinished = empty_dir / "database" / "store.new"
    with owner(empty_dir):
        until(unfinished.exists)
    assert not (empty_dir / "database" / "store").exists()
    database = EmbeddedDatabase(empty_dir)
    try:
        uri = database.start()
        assert not unfinished.exists()
        with client(f"mongodb://{uri.split('@')[1]}") as stranger, pytest.raises(OperationFailure):
            stranger.list_database_names()
    finally:
        database.stop()


def test_a_user_of_somebody_else_is_noticed(database: EmbeddedDatabase) -> None:
    with client(database.start()) as connection:
        connection.other.command("createUser", "intruder", pwd="secret", roles=["read"])
    database.stop()
    with pytest.raises(EmbeddedDatabaseError, match="a user that this service did not create"):
        database.start()
    assert database.pid is None


def test_a_broken_store_is_one_clear_line(database: EmbeddedDatabase, data_dir: Path) -> None:
    (data_dir / "database" / "store" / "WiredTiger.turtle").write_bytes(b"rubbish")
    with pytest.raises(EmbeddedDatabaseError, match=r"ended at once: .*WT_") as failure:
        database.start()
    assert "\n" not in failure.value.message
    assert running_uri(data_dir) is None


def test_a_lost_password_is_one_clear_line(database: EmbeddedDatabase, data_dir: Path) -> None:
    (data_dir / "database" / "password").unlink()
    with pytest.raises(EmbeddedDatabaseError, match="database/password is missing"):
        database.start()


def test_a_data_dir_that_is_a_file_is_one_clear_line(empty_dir: Path) -> None:
    empty_dir.write_text("not a folder")
    with pytest.raises(EmbeddedDatabaseError, match="cannot use DATA_DIR: Not a directory"):
        EmbeddedDatabase(empty_dir).start()


def test_a_taken_port_is_noticed(empty_dir: Path) -> None:
    folder = DatabaseFolder(empty_dir)
    with socket.create_server(("127.0.0.1", 0)) as occupant, folder.lock() as lock:
        server = DatabaseServer(folder, lock, folder.unfinished_store, occupant.getsockname()[1], password=None)
        with pytest.raises(ServerEndedError, match="Address already in use"):
            server.wait_until_ready(threading.Event())
    assert server.exit_status not in (None, 0)


def test_a_start_can_be_given_up(empty_dir: Path) -> None:
    folder, stopping = DatabaseFolder(empty_dir), threading.Event()
    stopping.set()
    with folder.lock() as lock:
        server = DatabaseServer(folder, lock, folder.unfinished_store, free_port(), password=None)
        with pytest.raises(EmbeddedDatabaseError, match="was stopped while it started"):
            server.wait_until_ready(stopping)
    assert server.exit_status is not None


def test_the_folder_stays_locked_until_the_child_is_gone(empty_dir: Path) -> None:
    folder = DatabaseFolder(empty_dir)
    with folder.lock() as lock:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
    with child:
        assert folder.is_locked()
    assert not folder.is_locked()


def test_the_log_is_bounded(empty_dir: Path) -> None:
    folder = DatabaseFolder(empty_dir)
    folder.bound_log()  # there is none yet
    assert folder.log_tail() == ""
    with folder.lock():
        folder.log.write_text("first\n" + "x" * 100 + "\n\nlast\n")
        folder.bound_log()
        assert folder.log_tail() == f"first | {'x' * 100} | last"
        folder.log.write_bytes(b"x" * (MAX_LOG_BYTES + 1))
        folder.bound_log()
        assert folder.log.read_bytes() == b""

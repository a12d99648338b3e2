"""Starting and stopping: clearly, cleanly, leaving nothing behind."""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.service import PROJECT, Service, environment, free_port, running
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer

WAITRESS = [sys.executable, "-m", "waitress", "--call", "main:create_app"]
NOT_UNDER_NOHUP = pytest.mark.skipif(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN, reason="under nohup")


def refused_start(folder: Path, command: list[str] | None = None, **settings: Any) -> str:
    """What a service says that must not start."""
    done = subprocess.run(
        command or [sys.executable, str(PROJECT / "main.py")],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, bundled_models: Path) -> Iterator[tuple[Path, Service]]:
    """The folder of a service, which was started with a low soft limit of open files, and the service itself."""
    place = tmp_path_factory.mktemp("shared")
    (place / "data").mkdir()
    (place / "data" / "models").symlink_to(bundled_models)
    limited = ["bash", "-c", f"ulimit -Sn 128; exec {sys.executable} {PROJECT / 'main.py'}"]
    with running(place, limited) as service:
        yield place, service


def family(service: Service) -> list[psutil.Process]:
    return list(psutil.Process(service.process.pid).children(recursive=True))


@pytest.mark.parametrize(
    ("server", "how"),
    [
        ("main.py", signal.SIGINT),
        ("waitress-serve", signal.SIGTERM),
        pytest.param("main.py", signal.SIGHUP, marks=NOT_UNDER_NOHUP),
    ],
)
def test_a_stop_finishes_what_is_under_way_and_leaves_nothing(
    place: Path, server: str, how: signal.Signals
) -> None:
    port = free_port()
    command = None if server == "main.py" else [*WAITRESS[:-2], f"--port={port}", *WAITRESS[-2:]]
    slow = OpenAIServer(reply=Reply(delay_seconds=1.5))
    with slow as model, running(place, command, PORT=port, LLM_MODEL="m", LLM_BASE_URL=model.url) as service:
        key = service.make_assistant()["api_key"]
        children = family(service)
        assert children
        answers: list[int] = []
        asking = threading.Thread(target=lambda: answers.append(service.say(key, "Oi?").status_code))
        asking.start()
        while not model.chat_requests:
            asking.join(0.01)
        assert service.stop(how) == 0
        asking.join()
        assert answers == [200]
        _, alive = psutil.wait_procs(children, timeout=5)
        assert not alive


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"MONGODB_URI": "mongodb://127.0.0.1:1"}, "SECRET_KEY"),
        pytest.param({"LLM_MODEL": "anthropic:claude", "LLM_API_KEY": "k"}, "LLM_MODEL", marks=pytest.mark.stress),
        ({"EMBEDDING_MODEL": "data"}, "EMBEDDING_MODEL"),
        ({"DOCUMENTS_DIR": "/proc/nowhere"}, "DOCUMENTS_DIR"),
        pytest.param({"DATA_DIR": "/proc/nowhere"}, "DATA_DIR", marks=pytest.mark.stress),
        pytest.param({"DATA_DIR": "/dev/null/data"}, "DATA_DIR", marks=pytest.mark.stress),
        pytest.param({"HOST": "999.1.1.1"}, "HOST", marks=pytest.mark.stress),
        pytest.param(
            {"CORS_ORIGINS": "https://dashboard.example.com/painel"}, "CORS_ORIGINS", marks=pytest.mark.stress
        ),
        pytest.param({"ADMIN_EMAILS": "foo"}, "ADMIN_EMAILS", marks=pytest.mark.stress),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start_in_one_line(
    place: Path, settings: dict[str, Any], named: str
) -> None:
    assert named in refused_start(place, **settings)


def test_an_env_file_in_another_encoding_stops_the_start_in_one_line(place: Path) -> None:
    (place / ".env").write_text("# configuração\nPORT=1\n", encoding="cp1252")

    assert ".env: line 1 is not UTF-8" in refused_start(place)


def test_more_threads_than_files_may_be_open_stop_the_start_in_one_line(place: Path) -> None:
    limited = ["bash", "-c", f"ulimit -n 600; exec {sys.executable} {PROJECT / 'main.py'}"]

    assert "THREADS: 1024 threads need" in refused_start(place, limited, THREADS=1024)


def test_the_soft_limit_of_open_files_is_raised(shared: tuple[Path, Service]) -> None:
    _, service = shared

    soft, _ = psutil.Process(service.process.pid).rlimit(psutil.RLIMIT_NOFILE)

    assert soft > 2 * 64


def test_too_few_open_files_stop_the_start_of_waitress_serve_too(place: Path) -> None:
    limited = ["bash", "-c", f"ulimit -n 300; exec {' '.join(WAITRESS)}"]

    assert "needs 404 open files, and this process may have 300" in refused_start(place, limited)


def test_too_few_open_files_for_the_options_of_waitress_serve_are_told(place: Path) -> None:
    port = free_port()
    options = f"--port={port} --threads=32 --connection-limit=2000"
    limited = ["bash", "-c", f"ulimit -n 1000; exec {' '.join(WAITRESS[:-2])} {options} {' '.join(WAITRESS[-2:])}"]
    with running(place, limited, PORT=port):
        pass

    told = "2000 connections and 32 threads need 4232 open files, and this process may have 1000"
    assert (place / "stderr").read_text().count(told) == 1


def test_as_json_every_line_is_an_object(place: Path) -> None:
    port = free_port()
    waitress = [*WAITRESS[:-2], f"--port={port}", *WAITRESS[-2:]]
    for command in (None, waitress):
        with running(place, command, PORT=port, LOG_FORMAT="json") as service:
            service.say(service.make_assistant()["api_key"], "Oi?")
    lines = [*(place / "stdout").read_text().splitlines(), *(place / "stderr").read_text().splitlines()]
    messages = [json.loads(line)["message"] for line in lines]

    assert any("listens at" in message for message in messages)
    assert any("Serving on" in message for message in messages)


def test_a_refused_start_is_an_object_where_lines_are(place: Path) -> None:
    line = refused_start(place, LOG_FORMAT="json", PORT="x")

    assert "PORT" in json.loads(line)["message"]


def test_the_health_check_of_the_image_asks_whether_it_is_ready(shared: tuple[Path, Service]) -> None:
    _, service = shared
    check = re.search(
        r"HEALTHCHECK.*?CMD (\[.*?\])$", (PROJECT / "Dockerfile").read_text(), re.DOTALL | re.MULTILINE
    )
    assert check
    _, *arguments = json.loads(check[1])

    def status_at(port: str) -> int:
        command = [sys.executable, *arguments]
        return subprocess.run(command, env={"PORT": port}, timeout=30, check=False, capture_output=True).returncode

    assert status_at(service.url.rpartition(":")[2]) == 0
    assert status_at(str(free_port())) == 1


def test_it_says_where_it_is_and_refuses_nonsense_in_the_one_body(shared: tuple[Path, Service]) -> None:
    place, service = shared
    said = (place / "stdout").read_text().splitlines()
    port = int(service.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")
        answer = raw.makefile("rb").read()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 400 " in head.splitlines()[0]
    assert json.loads(body)["code"] == "bad_request"
    assert len(said) == 3
    assert service.url in said[0]
    assert f"{service.url}/docs" in said[1]
    assert "extractive" in said[2]
    assert "embedded database" in said[2]


def test_a_port_in_use_is_said_in_one_line(place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert str(port) in refused_start(place, PORT=port)


def test_a_second_service_in_the_same_folder_is_refused(shared: tuple[Path, Service]) -> None:
    place, service = shared

    assert "another" in refused_start(place, PORT=free_port()).lower()
    assert service.http.get("/ready").status_code == 200

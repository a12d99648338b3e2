"""The proxies of `examples/`, as they are shipped, but without HTTPS."""

import contextlib
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.service import PROJECT, Service, free_port

_EXAMPLES = PROJECT / "examples"
_PATIENCE_SECONDS = 20


@contextmanager
def nginx(service: Service, folder: Path) -> Iterator[Service]:
    """The same service behind nginx."""
    port = free_port()
    text = (_EXAMPLES / "nginx.conf").read_text().replace("http://127.0.0.1:8080", service.url)
    text = re.sub(r"(?s)server \{\s*listen 80;.*?\n\}\n", "", text)
    text = re.sub(r"ssl_certificate(_key)? .*", "", text).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{name}_temp_path {folder / name};" for name in names)
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder / 'pid'}; error_log {folder / 'error.log'};"
        f"events {{ worker_connections 4096; }} http {{ access_log off; {folders} {text} }}"
    )
    with _started(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], {}, port, service) as fronted:
        yield fronted


@contextmanager
def caddy(service: Service, folder: Path) -> Iterator[Service]:
    """The same service behind Caddy."""
    port = free_port()
    settings = {
        "DOMAIN": f"http://127.0.0.1:{port}",
        "UPSTREAM": service.url.removeprefix("http://"),
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }
    text = (_EXAMPLES / "Caddyfile").read_text()
    (folder / "Caddyfile").write_text(re.sub(r"(?m)^\{$", "{\n\tadmin off", text, count=1))
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with _started(command, settings, port, service) as fronted:
        yield fronted


Fronted = Callable[[Service, Path], "contextlib.AbstractContextManager[Service]"]


@contextmanager
def _started(command: list[str], settings: dict[str, str], port: int, service: Service) -> Iterator[Service]:
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    proxy = subprocess.Popen([program, *command[1:]], env=settings, stderr=subprocess.PIPE, text=True)
    try:
        fronted = Service(service.process, f"http://127.0.0.1:{port}", service.token)
        _wait_for(fronted, proxy)
        yield fronted
    finally:
        proxy.terminate()
        proxy.communicate(timeout=_PATIENCE_SECONDS)


def _wait_for(fronted: Service, proxy: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and proxy.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if fronted.http.get("/health").status_code == 200:
                return
        time.sleep(0.1)
    proxy.terminate()
    raise AssertionError(proxy.communicate()[1])

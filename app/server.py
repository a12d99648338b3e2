"""waitress, as `python main.py` runs it."""

import json
import sys
from typing import Any

from apiflask import APIFlask
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from app.settings import Settings

_CODES = {400: "bad_request", 413: "payload_too_large", 431: "headers_too_large", 501: "not_implemented"}


class _JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """What waitress refuses before the application sees it gets the same body as every other error."""

    def execute(self) -> None:
        error = self.request.error
        code = _CODES.get(error.code, "internal_error")
        body = json.dumps({"error": f"{error.reason}.", "code": code}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _JsonErrorTask


def bind(app: APIFlask, settings: Settings) -> Any:
    """A server that listens and has not begun to answer; ends the process with one line if it cannot."""
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            connection_limit=4 * settings.threads + 100,
            channel_timeout=60,
            asyncore_use_poll=True,
            max_request_body_size=2 * settings.max_upload_bytes + 1024 * 1024,
            # waitress would remove the headers of proxies; the application reads them (app/routes/proxies.py).
            clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        )
    except OSError as error:
        sys.exit(f"Orquestradora cannot start. HOST, PORT: {settings.host}:{settings.port}: {error.strerror}")
    server.channel_class = _Channel
    return server


def port_of(server: Any) -> int:
    """The port a server listens at."""
    if hasattr(server, "effective_port"):
        return int(server.effective_port)
    return int(server.effective_listen[0][1])

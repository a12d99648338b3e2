"""waitress, as `python main.py` runs it."""

import json
import resource
from typing import Any

from apiflask import APIFlask
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from app.settings import Settings, SettingsError

# The database's, the indexes', the log's, the queue's: 23 at rest, and as many again for each of a few documents.
_OTHER_FILES = 200
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


def allow_open_files(settings: Settings) -> None:
    """Raise this process's soft limit of open files to what its connections may need.

    A connection takes up to two (its socket, and a file for a large body), a thread one more for its connection to
    the database. Raises `SettingsError` if the hard limit is lower.
    """
    needed = 2 * _connections(settings) + settings.threads + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise SettingsError(
            f"THREADS: {settings.threads} threads need {needed} open files, and this process may have {hard}; "
            f"lower THREADS, or raise the limit (ulimit -n {needed})."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def bind(app: APIFlask, settings: Settings) -> Any:
    """A server that listens and has not begun to answer; raises `SettingsError` if it cannot."""
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            connection_limit=_connections(settings),
            channel_timeout=60,
            asyncore_use_poll=True,
            max_request_body_size=2 * settings.max_upload_bytes + 1024 * 1024,
            # waitress would remove the headers of proxies; the application reads them (app/routes/proxies.py).
            clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        )
    except OSError as error:
        raise SettingsError(f"HOST, PORT: {settings.host}:{settings.port}: {error.strerror}.") from None
    except ValueError:
        raise SettingsError(f"HOST: {settings.host} is neither an address nor a name of this machine.") from None
    server.channel_class = _Channel
    return server


def port_of(server: Any) -> int:
    """The port a server listens at."""
    if hasattr(server, "effective_port"):
        return int(server.effective_port)
    return int(server.effective_listen[0][1])


def _connections(settings: Settings) -> int:
    return 4 * settings.threads + 100

"""waitress, as `python main.py` runs it."""

import resource
from typing import Any

from apiflask import APIFlask
from waitress.server import create_server

from app.settings import Settings, SettingsError

# The database's, the indexes', the log's, the queue's: 23 at rest, and as many again for each of a few documents.
_OTHER_FILES = 200


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
    return server


def port_of(server: Any) -> int:
    """The port a server listens at."""
    if hasattr(server, "effective_port"):
        return int(server.effective_port)
    return int(server.effective_listen[0][1])


def _connections(settings: Settings) -> int:
    return 4 * settings.threads + 100

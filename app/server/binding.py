"""waitress, as `python main.py` runs it."""

from typing import Any

from apiflask import APIFlask
from waitress.server import create_server

from app.server.open_files import connections_of
from app.settings import Settings, SettingsError


def bind(app: APIFlask, settings: Settings) -> Any:
    """A server that listens and has not begun to answer; raises `SettingsError` if it cannot."""
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            connection_limit=connections_of(settings.threads),
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

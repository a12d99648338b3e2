"""Where the service starts: `waitress-serve --call main:create_app`, or `python main.py`."""

import sys
from contextlib import ExitStack
from typing import Any

from apiflask import APIFlask
from waitress.server import create_server

from app import factory
from app.domain.errors import OrquestradoraError
from app.lifecycle import GracefulExit
from app.logs import configure_logs
from app.memory import bound_arenas
from app.settings import Settings, SettingsError, load_settings
from app.wiring import compose, open_engines

_LAST_REQUESTS_SECONDS = 10


def create_app() -> APIFlask:
    """The running service as a WSGI application; ends the process with one line if it cannot start."""
    try:
        return _start(load_settings())
    except (SettingsError, OrquestradoraError) as error:
        sys.exit(f"Orquestradora cannot start. {error}")


def main() -> None:
    """Serve with waitress, as the settings say."""
    try:
        settings = load_settings()
        app = _start(settings)
    except (SettingsError, OrquestradoraError) as error:
        sys.exit(f"Orquestradora cannot start. {error}")
    server = _bind(app, settings)
    for line in _greeting(settings):
        print(line, flush=True)
    server.run()


def _bind(app: APIFlask, settings: Settings) -> Any:
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            connection_limit=4 * settings.threads + 100,
            channel_timeout=60,
            asyncore_use_poll=True,
            max_request_body_size=2 * settings.max_upload_bytes + 1024 * 1024,
        )
    except OSError as error:
        sys.exit(f"Orquestradora cannot start. HOST, PORT: {settings.host}:{settings.port}: {error.strerror}")


def _start(settings: Settings) -> APIFlask:
    bound_arenas()
    configure_logs(settings.log_level, settings.log_format)
    with ExitStack() as closing:
        services = compose(settings, closing.enter_context(open_engines(settings)))
        closing.callback(services.stop)
        app = factory.create_app(settings, services)
        services.start()
        running = closing.pop_all()
    longest = settings.llm_timeout_seconds + _LAST_REQUESTS_SECONDS
    graceful = GracefulExit(app.wsgi_app, running.close, longest)
    app.wsgi_app = graceful  # type: ignore[method-assign]
    graceful.install()
    return app


def _greeting(settings: Settings) -> tuple[str, str, str]:
    address = f"http://{settings.host}:{settings.port}"
    model = settings.llm_model or "the built-in extractive answerer (no LLM_MODEL is set)"
    database = "MongoDB" if settings.mongodb_uri else "the embedded database (for trying out, not for production)"
    return (
        f"Orquestradora listens at {address}",
        f"The API document is at {address}/docs and {address}/openapi.json",
        f"Answers come from {model}; data is kept in {database}",
    )


if __name__ == "__main__":
    main()

"""Where the service starts: `waitress-serve --call main:create_app`, or `python main.py`."""

import sys
from collections.abc import Callable
from contextlib import ExitStack

from apiflask import APIFlask

from app import factory
from app.domain.errors import OrquestradoraError
from app.lifecycle import GracefulExit
from app.logs import configure_logs
from app.memory import bound_arenas
from app.server import bind, port_of
from app.settings import Settings, SettingsError, load_settings
from app.wiring import compose, open_engines

_LAST_REQUESTS_SECONDS = 10


def create_app() -> APIFlask:
    """The running service as a WSGI application; ends the process with one line if it cannot start."""
    app, start = _prepare(_settings())
    start()
    return app


def main() -> None:
    """Serve with waitress, as the settings say."""
    settings = _settings()
    app, start = _prepare(settings)
    server = bind(app, settings)
    start()
    for line in _greeting(settings, port_of(server)):
        print(line, flush=True)
    server.run()


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        sys.exit(f"Orquestradora cannot start. {error}")


def _prepare(settings: Settings) -> tuple[APIFlask, Callable[[], None]]:
    """The application with everything it needs open, and what begins its work in the background."""
    bound_arenas()
    configure_logs(settings.log_level, settings.log_format)
    try:
        return _open(settings)
    except OrquestradoraError as error:
        sys.exit(f"Orquestradora cannot start. {error}")
    except OSError as error:
        sys.exit(f"Orquestradora cannot start. DATA_DIR, DOCUMENTS_DIR: {error.strerror}: {error.filename}")


def _open(settings: Settings) -> tuple[APIFlask, Callable[[], None]]:
    with ExitStack() as closing:
        services = compose(settings, closing.enter_context(open_engines(settings)))
        closing.callback(services.stop)
        app = factory.create_app(settings, services)
        running = closing.pop_all()
    longest = settings.burst_max_seconds + settings.llm_timeout_seconds + _LAST_REQUESTS_SECONDS
    graceful = GracefulExit(app.wsgi_app, running.close, longest)
    app.wsgi_app = graceful  # type: ignore[method-assign]
    graceful.install()
    return app, services.start


def _greeting(settings: Settings, port: int) -> tuple[str, str, str]:
    address = f"http://{settings.host}:{port}"
    model = settings.llm_model or "the built-in extractive answerer (no LLM_MODEL is set)"
    database = "MongoDB" if settings.mongodb_uri else "the embedded database (for trying out, not for production)"
    return (
        f"Orquestradora listens at {address}",
        f"The API document is at {address}/docs and {address}/openapi.json",
        f"Answers come from {model}; data is kept in {database}",
    )


if __name__ == "__main__":
    main()

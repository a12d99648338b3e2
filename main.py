"""Where the service starts: `waitress-serve --call main:create_app`, or `python main.py`."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from apiflask import APIFlask

from app import factory
from app.domain.errors import OrquestradoraError
from app.lifecycle import GracefulExit
from app.logs import announce, configure_logs, refuse_to_start
from app.memory import bound_arenas
from app.outage_log import OutageFilter
from app.private_files import keep_files_private
from app.server import allow_least_open_files, allow_open_files, bind, bound_connections, port_of
from app.settings import Settings, SettingsError, load_settings, log_format_alone
from app.wiring import close_folders, compose, open_engines, outage_teller

_LAST_REQUESTS_SECONDS = 10


def create_app() -> APIFlask:
    """The running service as a WSGI application; ends the process with one line if it cannot start."""
    with _refusals():
        settings = load_settings()
        allow_least_open_files()
        app, start = _prepare(settings)
    start()
    return app


def main() -> None:
    """Serve with waitress, as the settings say."""
    with _refusals():
        settings = load_settings()
        allow_open_files(settings)
        app, start = _prepare(settings)
        server = bind(app, settings)
    start()
    announce(_greeting(settings, port_of(server)), settings.log_format)
    server.run()


@contextmanager
def _refusals() -> Iterator[None]:
    """Ends the process with one line that says why the service cannot start."""
    try:
        yield
    except (SettingsError, OrquestradoraError) as error:
        refuse_to_start(str(error), log_format_alone())
    except OSError as error:
        refuse_to_start(f"DATA_DIR, DOCUMENTS_DIR: {error.strerror}: {error.filename}", log_format_alone())


def _prepare(settings: Settings) -> tuple[APIFlask, Callable[[], None]]:
    """The application with everything it needs open, and what begins its work in the background."""
    bound_arenas()
    keep_files_private()
    configure_logs(settings.log_level, settings.log_format, OutageFilter(outage_teller(settings)))
    return _open(settings)


def _open(settings: Settings) -> tuple[APIFlask, Callable[[], None]]:
    with ExitStack() as closing:
        services = compose(settings, closing.enter_context(open_engines(settings)))
        closing.callback(services.stop)
        app = factory.create_app(settings, services)
        bound_connections(app.body_limit, behind_proxies=settings.trusted_proxies > 0)
        running = closing.pop_all()
    longest = settings.burst_max_seconds + settings.llm_timeout_seconds + _LAST_REQUESTS_SECONDS
    graceful = GracefulExit(app.wsgi_app, running.close, longest)
    app.wsgi_app = graceful  # type: ignore[method-assign]
    graceful.install()

    def start() -> None:
        close_folders(settings)
        services.start()
        # What is there now stays: each look through it would stop all threads for 0.1 s, and the exit has several.
        gc.freeze()

    return app, start


def _greeting(settings: Settings, port: int) -> tuple[str, str, str]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{port}"
    model = settings.llm_model or "the built-in extractive answerer (no LLM_MODEL is set)"
    database = "MongoDB" if settings.mongodb_uri else "the embedded database (for trying out, not for production)"
    return (
        f"Orquestradora listens at {address}",
        f"The API document is at {address}/docs and {address}/openapi.json",
        f"Answers come from {model}; data is kept in {database}",
    )


if __name__ == "__main__":
    main()

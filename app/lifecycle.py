"""How the process ends: what is under way is finished, then everything is put away."""

import atexit
import signal
import threading
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# Requests the server had queued before the signal still start within this time; later ones are refused.
_STILL_SERVED_SECONDS = 2.0
# The server's own loop sends what a finished request has left in its buffers.
_FLUSH_SECONDS = 0.3
# A shell or a supervisor may deliver one request to stop twice.
_SAME_SIGNAL_SECONDS = 1.0


class GracefulExit:
    """WSGI middleware: at SIGTERM, SIGHUP or Ctrl-C it lets requests finish, then interrupts the server's loop.

    Works under any server that ends its loop at KeyboardInterrupt, so under waitress-serve as well as here.
    A second signal does not wait. `close` runs last, once.
    """

    def __init__(self, app: WSGIApplication, close: Callable[[], None], max_wait_seconds: float) -> None:
        self._app = app
        self._max_wait_seconds = max_wait_seconds
        self._idle = threading.Condition()
        self._running = 0
        self._stopped_at: float | None = None
        self._finished = False
        atexit.register(close)

    def install(self) -> None:
        """Catch the signals, if this is the main thread (elsewhere somebody else is in charge)."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._stop)
            signal.signal(signal.SIGINT, self._stop)
            if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
                signal.signal(signal.SIGHUP, self._stop)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._stopped_at is not None and time.monotonic() - self._stopped_at > _STILL_SERVED_SECONDS:
            return _refuse(start_response)
        with self._idle:
            self._running += 1
        request = _Request(self._one_less)
        files = _Files(environ, request)
        try:
            body = self._app(environ, start_response)
            return body if body is files.latest else _Finished(body, request)
        except BaseException:
            request.finish()
            raise

    def _one_less(self) -> None:
        with self._idle:
            self._running -= 1
            self._idle.notify_all()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._stopped_at is None:
            self._stopped_at = now
            threading.Thread(target=self._finish, name="stopping", daemon=True).start()
        elif self._finished or now - self._stopped_at > _SAME_SIGNAL_SECONDS:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            raise KeyboardInterrupt

    def _finish(self) -> None:
        time.sleep(_FLUSH_SECONDS)
        with self._idle:
            self._idle.wait_for(lambda: self._running == 0, self._max_wait_seconds)
        time.sleep(_FLUSH_SECONDS)
        self._finished = True
        # A signal to the process may land in another thread, which would leave the main one asleep.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


class _Request:
    """A request under way, which finishes once, however often it is told to."""

    def __init__(self, finished: Callable[[], None]) -> None:
        self._finished = finished
        self._lock = threading.Lock()
        self._is_over = False

    def finish(self) -> None:
        """Be under way no more."""
        with self._lock:
            was_over, self._is_over = self._is_over, True
        if not was_over:
            self._finished()


class _Finished:
    """A response body that says when it has been sent."""

    def __init__(self, body: Iterable[bytes], request: _Request) -> None:
        self._body = body
        self._iterator = iter(body)
        self._request = request

    def __iter__(self) -> "_Finished":
        return self

    def __next__(self) -> bytes:
        return next(self._iterator)

    def close(self) -> None:
        close: Callable[[], Any] | None = getattr(self._body, "close", None)
        try:
            if close:
                close()
        finally:
            self._request.finish()


class _Files:
    """The server's `wsgi.file_wrapper` (PEP 3333), for files that say when they have been sent.

    What it wraps must be returned as it is: the server then sends the file by itself, and no thread waits for a
    client that reads slowly.
    """

    def __init__(self, environ: WSGIEnvironment, request: _Request) -> None:
        self._wrap = environ.get("wsgi.file_wrapper")
        self._request = request
        self.latest: Iterable[bytes] | None = None
        if self._wrap is not None:
            environ["wsgi.file_wrapper"] = self

    def __call__(self, file: Any, block_size: int = 8192) -> Iterable[bytes]:
        self.latest = self._wrap(_SentFile(file, self._request), block_size)  # type: ignore[misc]
        return self.latest


class _SentFile:
    """A file whose end is the end of its request."""

    def __init__(self, file: Any, request: _Request) -> None:
        self._file = file
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def close(self) -> None:
        """All was sent, or the client has gone."""
        try:
            self._file.close()
        finally:
            self._request.finish()


def _refuse(start_response: StartResponse) -> Iterable[bytes]:
    body = b'{"error": "The service is stopping; please try again.", "code": "stopping"}\n'
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Retry-After", "5")]
    start_response("503 Service Unavailable", headers)
    return [body]

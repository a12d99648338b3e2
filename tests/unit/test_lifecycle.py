"""The middleware that counts requests; how a process ends is tested with processes."""

from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from app.lifecycle import GracefulExit


class Body:
    """A response body that knows whether it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return iter([b"one", b"two"])

    def close(self) -> None:
        self.closed += 1


def never() -> None:
    """Nothing to put away."""


def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
    return status, headers, exc_info


def test_a_response_passes_and_is_closed() -> None:
    body = Body()
    graceful = GracefulExit(lambda _environ, _start: body, never, 1)

    passed = graceful({}, start_response)  # type: ignore[arg-type]

    assert list(passed) == [b"one", b"two"]
    assert body.closed == 0
    passed.close()  # type: ignore[attr-defined]
    assert body.closed == 1


def test_a_body_without_close_passes() -> None:
    graceful = GracefulExit(lambda _environ, _start: [b"text"], never, 1)

    passed = graceful({}, start_response)  # type: ignore[arg-type]

    assert list(passed) == [b"text"]
    passed.close()  # type: ignore[attr-defined]


def test_an_exception_passes() -> None:
    def broken(_environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        GracefulExit(broken, never, 1)({}, start_response)  # type: ignore[arg-type]


class ServersFile:
    """What a server makes of a file (PEP 3333): it sends it by itself, and closes it."""

    def __init__(self, file: Body, _size: int) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.file)


def test_a_file_is_left_to_the_server_until_it_is_closed() -> None:
    finished: list[str] = []
    file, environ = Body(), {"wsgi.file_wrapper": ServersFile}
    graceful = GracefulExit(lambda given, _start: given["wsgi.file_wrapper"](file, 8192), never, 1)
    graceful._one_less = lambda: finished.append("once")  # type: ignore[method-assign]

    passed = graceful(environ, start_response)  # type: ignore[arg-type]

    assert isinstance(passed, ServersFile)
    assert finished == []
    for _ in range(2):
        passed.file.close()
    assert (file.closed, finished) == (2, ["once"])

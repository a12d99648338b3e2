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

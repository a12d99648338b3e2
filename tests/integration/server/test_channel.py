"""How slow a client may be, over real sockets."""

import time

import pytest

from app.server import channel, pace
from tests.integration.server.conftest import Application, Client, Serve, is_cut_off, until

A_MOMENT = 1.0
# The server looks at its connections once a second.
SOON = 5 * A_MOMENT


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "HEADER_SECONDS", A_MOMENT)
    monkeypatch.setattr(pace, "_WINDOW_SECONDS", A_MOMENT)


def drips(client: Client, text: str) -> bool:
    """Whether the client is cut off while it sends this text a character at a time, four a second."""
    for character in text:
        try:
            client.send(character)
        except OSError:
            return True
        time.sleep(0.25)
    return client.is_closed(0.1)


def test_a_client_that_says_nothing_is_cut_off(serve: Serve) -> None:
    assert serve()().is_closed(SOON)


def test_slow_headers_are_cut_off(serve: Serve) -> None:
    assert drips(serve()(), "GET / HTTP/1.1\r\nHost: a-long-name\r\n")


def test_slow_headers_of_a_later_request_are_cut_off(serve: Serve) -> None:
    client = serve()()
    client.get().body()

    assert drips(client, "GET / HTTP/1.1\r\nHost: a-long-name\r\n")


def test_blank_lines_win_no_time(serve: Serve) -> None:
    client = serve()()
    client.get().body()

    assert drips(client, "\r\n\r\n" * 10)


def test_a_client_may_pause_between_its_requests(serve: Serve) -> None:
    client = serve()()
    client.get().body()
    time.sleep(3 * A_MOMENT)

    assert client.get().body() == b"0 of 0"


def test_a_connection_nobody_uses_is_closed(serve: Serve) -> None:
    client = serve(channel_timeout=1)()
    client.get().body()

    assert client.is_closed(SOON)


def test_a_slow_body_is_cut_off(serve: Serve, application: Application) -> None:
    client = serve()().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")

    assert drips(client, "x" * 20)
    assert application.asked == []


def test_a_body_at_a_fair_pace_may_take_long(serve: Serve) -> None:
    client = serve()().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n")
    for _ in range(16):
        client.send("x" * 250)
        time.sleep(0.2)

    assert client.body() == b"4000 of 4000"


def test_an_answer_that_takes_long_is_waited_for(serve: Serve, application: Application) -> None:
    client = serve()().get("/held")
    time.sleep(3 * A_MOMENT)
    application.go_on.set()

    assert client.body() == b"0 of 0"


def test_who_does_not_read_an_answer_is_cut_off(serve: Serve, application: Application) -> None:
    client = serve()().get("/large")
    until(lambda: application.asked == ["/large"])
    time.sleep(SOON)

    assert is_cut_off(client, application.large_bytes)


def test_a_thread_is_free_again_when_a_reader_is_cut_off(serve: Serve, application: Application) -> None:
    application.large_bytes = 80_000_000  # more than waitress takes from a thread at once
    connect = serve(threads=1)
    connect().get("/large")
    until(lambda: application.asked == ["/large"])

    assert connect().get().body() == b"0 of 0"


def test_an_answer_read_at_a_fair_pace_comes_whole(serve: Serve, application: Application) -> None:
    client = serve()().get("/large")
    time.sleep(A_MOMENT / 2)

    assert len(client.body()) == application.large_bytes

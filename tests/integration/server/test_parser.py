"""What of a request is read, over real sockets."""

import errno
import json
import threading

import pytest

from tests.integration.server.conftest import Application, Serve, until

MUCH = 900_000
TOO_MUCH = 3_000_000
KNOWN = "Authorization: Bearer good\r\n"


def post(headers: str) -> str:
    return f"POST / HTTP/1.1\r\nHost: x\r\n{headers}\r\n"


def test_what_is_sent_along_behind_a_request_is_not_answered(serve: Serve, application: Application) -> None:
    client = serve()()
    client.send("GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\n\r\n" * 50)

    first, headers, _ = client.answer()

    assert (first, headers["Connection"]) == ("HTTP/1.1 200 OK", "close")
    assert client.is_closed()
    assert application.asked == ["/one"]


def test_requests_one_after_the_other_share_a_connection(serve: Serve, application: Application) -> None:
    client = serve()()
    for path in ("/one", "/two", "/three"):
        client.get(path).body()

    assert application.asked == ["/one", "/two", "/three"]


def test_blank_lines_around_a_request_are_ignored(serve: Serve) -> None:
    client = serve()()
    for _ in range(3):
        assert client.send("\r\n" + post("Content-Length: 2\r\n") + "ab\r\n").body() == b"2 of 2"


def test_a_large_body_is_refused_before_it_is_sent(serve: Serve) -> None:
    client = serve()().send(post(f"Content-Length: {MUCH}\r\n"))

    first, headers, body = client.answer()

    assert (first, headers["Connection"]) == ("HTTP/1.1 200 OK", "close")
    assert body == f"0 of {MUCH}".encode()


def test_a_client_that_sends_a_refused_body_all_the_same_reads_the_answer(serve: Serve) -> None:
    client = serve()().send(post(f"Content-Length: {TOO_MUCH}\r\n"))
    client.send(b"x" * TOO_MUCH)

    assert client.body() == f"0 of {TOO_MUCH}".encode()


def test_a_large_body_comes_whole_where_it_may(serve: Serve) -> None:
    client = serve()()
    for _ in range(2):
        client.send(post(f"{KNOWN}Content-Length: {MUCH}\r\n"))
        assert client.send(b"x" * MUCH).body() == f"{MUCH} of {MUCH}".encode()


def test_a_body_beyond_its_limit_is_refused_before_it_is_sent(serve: Serve) -> None:
    client = serve()().send(post(f"{KNOWN}Content-Length: {TOO_MUCH}\r\n"))

    assert client.body() == f"0 of {TOO_MUCH}".encode()


def test_a_small_body_asks_nobody(serve: Serve) -> None:
    client = serve()().send(post("Content-Length: 60000\r\n"))

    assert client.send(b"x" * 60_000).body() == b"60000 of 60000"


@pytest.mark.parametrize(("headers", "chunks", "told"), [("", 8, "0 of"), (KNOWN, 8, "800000 of 800000")])
def test_a_body_in_chunks_is_asked_about_when_it_has_become_large(
    serve: Serve, headers: str, chunks: int, told: str
) -> None:
    client = serve()().send(post(f"{headers}Transfer-Encoding: chunked\r\n"))
    chunk = b"186a0\r\n" + b"x" * 100_000 + b"\r\n"

    assert client.send(chunk * chunks + b"0\r\n\r\n").body().decode().startswith(told)


def test_a_body_in_chunks_ends_at_its_limit(serve: Serve) -> None:
    client = serve()().send(post(f"{KNOWN}Transfer-Encoding: chunked\r\n"))
    client.send((b"186a0\r\n" + b"x" * 100_000 + b"\r\n") * 11)

    sent, _, length = client.body().decode().partition(" of ")

    assert sent == "0"
    assert 1_000_000 < int(length) < 1_100_000


def test_whoever_asks_first_is_told_to_go_on(serve: Serve) -> None:
    client = serve()().send(post(f"{KNOWN}Expect: 100-continue\r\nContent-Length: {MUCH}\r\n"))

    assert client.answer()[0] == "HTTP/1.1 100 Continue"
    assert client.send(b"x" * MUCH).body() == f"{MUCH} of {MUCH}".encode()


def test_whoever_asks_first_and_may_not_is_answered_at_once(serve: Serve) -> None:
    client = serve()().send(post(f"Expect: 100-continue\r\nContent-Length: {MUCH}\r\n"))

    assert client.body() == f"0 of {MUCH}".encode()


def test_a_question_that_cannot_be_asked_refuses_the_body(
    serve: Serve, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "body_limit", lambda _environ: 1 // 0)

    assert serve()().send(post(f"{KNOWN}Content-Length: {MUCH}\r\n")).body() == f"0 of {MUCH}".encode()


def test_a_client_that_leaves_while_its_body_is_asked_about_harms_nobody(
    serve: Serve, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(_environ: object) -> int:
        asked.set()
        go_on.wait(20)
        return MUCH

    monkeypatch.setattr(application, "body_limit", slow)
    connect = serve()
    client = connect().send(post(f"{KNOWN}Content-Length: {MUCH}\r\n"))
    until(asked.is_set)
    client.close()
    go_on.set()

    assert connect().get().body() == b"0 of 0"


class FullFile:
    """A temporary file on a full disk."""

    def __init__(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_body_that_finds_no_room_is_refused_and_told_why(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = serve(inbuf_overflow=100_000)
    monkeypatch.setattr("waitress.buffers.TempfileBasedBuffer.__init__", lambda *_: FullFile())
    client = connect().send(post(f"{KNOWN}Content-Length: {MUCH}\r\n"))
    client.send(b"x" * MUCH)

    first, headers, body = client.answer()

    assert first == "HTTP/1.1 503 Service Unavailable"
    assert int(headers["Retry-After"]) > 0
    assert json.loads(body)["code"] == "disk_full"
    assert client.is_closed()

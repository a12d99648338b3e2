"""How many connections there may be, over real sockets."""

import time

import pytest

from app.server import connections
from app.server.channel import Step
from tests.integration.server.conftest import Application, Connect, Serve, is_cut_off, until

# Eight of them waitress needs itself.
ROOM_FOR_TEN = {"connection_limit": 18}
A_FIRST_WORD = 0.06
OTHER = "127.0.0.2"


def crowd(connect: Connect, size: int, address: str = "127.0.0.1") -> list[bool]:
    """Whether each of so many connections that do nothing was closed, the oldest first."""
    clients = []
    for _ in range(size):
        clients.append(connect(address))
        time.sleep(A_FIRST_WORD)
    connect(OTHER).get().body()
    return [client.is_closed(0.2) for client in clients]


def pause(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(connections, "_PAUSE_SECONDS", dict.fromkeys(Step, seconds))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    pause(monkeypatch, A_FIRST_WORD / 2)


def test_a_newcomer_takes_the_place_of_who_has_waited_longest(serve: Serve) -> None:
    connect = serve(**ROOM_FOR_TEN, threads=2)
    kept = [connect(f"127.0.0.{number}") for number in range(3, 13)]
    time.sleep(A_FIRST_WORD)

    assert connect(OTHER).get().body() == b"0 of 0"
    assert [client.is_closed(1) for client in kept].count(True) == 1


def test_one_address_has_three_quarters_of_all(serve: Serve) -> None:
    closed = crowd(serve(**ROOM_FOR_TEN), 20)

    assert closed == [True] * 13 + [False] * 7


def test_another_address_keeps_its_connections(serve: Serve) -> None:
    connect = serve(**ROOM_FOR_TEN)
    other = connect(OTHER)
    other.get().body()
    crowd(connect, 20)

    assert other.get().body() == b"0 of 0"


def test_behind_a_proxy_all_are_one_address(serve: Serve) -> None:
    closed = crowd(serve(**ROOM_FOR_TEN, behind_proxies=True), 9)

    assert closed == [False] * 9


def test_who_has_sent_a_request_before_is_closed_after_who_has_not(serve: Serve) -> None:
    connect = serve(**ROOM_FOR_TEN, behind_proxies=True)
    known = [connect() for _ in range(5)]
    for client in known:
        client.get().body()
    crowd(connect, 20)

    assert [client.get().body() for client in known] == [b"0 of 0"] * 5


def test_a_request_under_way_keeps_its_place(serve: Serve, application: Application) -> None:
    connect = serve(**ROOM_FOR_TEN)
    busy = connect().get("/held")
    until(lambda: application.asked == ["/held"])
    crowd(connect, 20)
    application.go_on.set()

    assert busy.body() == b"0 of 0"


def test_all_who_send_a_request_at_once_are_answered(
    serve: Serve, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause(monkeypatch, 1)
    connect = serve(**ROOM_FOR_TEN, threads=1)
    clients = [connect().get("/held") for _ in range(30)]
    application.go_on.set()

    assert [client.body() for client in clients] == [b"0 of 0"] * 30


def test_newcomers_are_let_in_where_nobody_could_be_closed_when_they_came(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause(monkeypatch, 1)
    connect = serve(**ROOM_FOR_TEN)
    crowd(connect, 30)

    assert connect().get().body() == b"0 of 0"


def test_those_that_leave_are_not_counted(serve: Serve) -> None:
    connect = serve(**ROOM_FOR_TEN)
    for _ in range(30):
        client = connect()
        client.get().body()
        client.close()
    kept = [connect() for _ in range(5)]

    assert [client.get().body() for client in kept] == [b"0 of 0"] * 5


def test_unsent_answers_are_bounded_together(
    serve: Serve, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_UNSENT_BYTES", 40_000_000)
    connect = serve()
    slow = [connect().get("/large") for _ in range(8)]
    until(lambda: len(application.asked) == 8)

    assert connect().get().body() == b"0 of 0"
    assert 2 <= [is_cut_off(client, application.large_bytes) for client in slow].count(True) <= 6


def test_bodies_under_way_are_bounded_together(
    serve: Serve, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_BODY_BYTES", 3_500_000)
    connect = serve()
    for _ in range(8):
        connect().send("POST / HTTP/1.1\r\nHost: x\r\nAuthorization: y\r\nContent-Length: 999999\r\n\r\n").send(
            b"x" * 900_000
        )
    last = connect().send("POST / HTTP/1.1\r\nHost: x\r\nAuthorization: y\r\nContent-Length: 900000\r\n\r\n")

    assert last.send(b"x" * 900_000).body() == b"900000 of 900000"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("localhost", "localhost", True),
    ],
)
def test_an_address_of_ipv6_is_its_network(one: str, other: str, same: bool) -> None:
    assert (connections.network_of(one) == connections.network_of(other)) is same

"""The client for everything that leaves the process, against servers on real sockets."""

from ipaddress import ip_address

import httpx2
import pytest

from app.domain.deadline import Deadline
from app.net.causes import root_cause
from app.net.client import open_client
from app.net.enforcement import enforced
from app.net.sockets import AddressRefusedError
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer, unused_url
from tests.fakes.web_server import WebServer, redirect, reply


def test_connections_are_kept_per_server() -> None:
    with OpenAIServer() as one, OpenAIServer() as other, open_client() as client:
        for server in (one, other, one, other):
            client.post(f"{server.url}/embeddings", json={"model": "e", "input": "oi"})
        assert (one.accepted, other.accepted) == (1, 1)


def test_cookies_are_not_kept() -> None:
    pages = {"/": reply(b"a", Set_Cookie="who=ana; Path=/"), "/again": reply(b"b")}
    with WebServer(pages) as server, open_client() as client:
        client.get(server.url())
        client.get(server.url("/again"))

    assert [("cookie:" in request.lower()) for request in server.requests] == [False, False]


def test_the_deadline_of_the_thread_holds() -> None:
    with OpenAIServer(Reply(mode="drip_body")) as server, open_client() as client, enforced(Deadline(0.3)):
        with pytest.raises(httpx2.TimeoutException):
            client.post(f"{server.url}/embeddings", json={"model": "e", "input": "oi"})
        assert len(server.requests) == 1


def test_no_time_left_means_that_nothing_is_sent() -> None:
    with OpenAIServer() as server, open_client() as client:
        with pytest.raises(httpx2.TimeoutException), enforced(Deadline(0)):
            client.get(server.url)
        assert server.accepted == 0


def test_an_address_that_is_not_allowed_is_refused_on_every_hop() -> None:
    pages: dict[str, bytes] = {}
    with WebServer(pages) as server, WebServer({}, host="127.0.0.10") as inside:
        pages["/"] = redirect(inside.url())
        with open_client(is_allowed=lambda address: address == ip_address("127.0.0.9")) as client:
            with pytest.raises(AddressRefusedError):
                client.get(inside.url())
            with pytest.raises(AddressRefusedError):
                client.get(server.url())

    assert (len(server.requests), inside.requests) == (1, [])


def test_what_made_a_request_fail_can_be_told() -> None:
    with open_client() as client, pytest.raises(httpx2.TransportError) as raised:
        client.get(unused_url())

    assert isinstance(root_cause(raised.value), ConnectionRefusedError)


@pytest.mark.parametrize("answer", [b"220 mail.example ESMTP\r\n", b""])
def test_a_server_that_does_not_speak_http_is_told_from_one_that_is_not_there(answer: bytes) -> None:
    with WebServer({"/": answer}) as server, open_client() as client, pytest.raises(httpx2.ProtocolError):
        client.get(server.url())

"""A started service between customers and providers: WhatsApp by Meta and by Evolution API, and a web site."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.service import Service, launch, running
from tests.e2e.test_commands import command
from tests.fakes.evolution_server import EvolutionServer
from tests.fakes.graph_server import GraphServer
from tests.fakes.graph_webhooks import message, of_messages, signature

CUSTOMER = "5513988593464"
PATIENCE_SECONDS = 90
ALLOWED: dict[str, Any] = {"ALLOW_PRIVATE_CHANNELS": "true"}


def until(condition: Callable[[], Any]) -> Any:
    """What the condition gives once it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)
    return found


def added(service: Service, assistant: dict[str, Any], kind: str, **fields: str) -> dict[str, Any]:
    body = {"assistant_id": assistant["_id"], "kind": kind, "name": "Loja", **fields}
    response = service.http.post("/channels/add", json=body)
    assert response.status_code == 201, response.text
    return dict(response.json())


@pytest.fixture
def evolution() -> Iterator[EvolutionServer]:
    with EvolutionServer() as server:
        server.add("loja")
        yield server


def lost(service: Service, channel_id: str) -> dict[str, Any] | None:
    """The channel, once it is shown as disconnected."""
    shown = dict(service.http.get(f"/channels/get/{channel_id}").json())
    return shown if shown["state"] == "disconnected" else None


def sent_by(server: EvolutionServer) -> list[str]:
    return [body["text"] for _, path, body in server.requests if path == "/message/sendText"]


def test_evolution_from_the_first_message_to_a_person_on_the_phone(place: Path, evolution: EvolutionServer) -> None:
    with running(place, **ALLOWED) as service:
        assistant = service.make_assistant()
        service.upload(assistant["_id"], "O prazo de entrega é de dois dias úteis.".encode(), "prazo.md")
        asked = {"assistant_id": assistant["_id"], "kind": "evolution", "base_url": evolution.url}
        listed = service.http.post("/channels/accounts", json={**asked, "api_key": evolution.api_key})
        assert [one["fields"] for one in listed.json()] == [{"instance": "loja"}]
        assert service.http.post("/channels/accounts", json=asked).json()["fields"].keys() == {"api_key"}
        channel = added(
            service, assistant, "evolution", base_url=evolution.url, instance="loja", api_key=evolution.api_key
        )
        assert channel["problem"] is None
        jid = f"{CUSTOMER}@s.whatsapp.net"

        evolution.receive("loja", {"conversation": "Qual é o prazo de entrega?"}, jid)

        assert "dois dias úteis" in until(lambda: sent_by(evolution))[0]
        chat = until(lambda: service.http.get("/chats/list").json())[0]
        assert (chat["channel"]["id"], chat["channel_id"]) == (f"+{CUSTOMER}", channel["_id"])

        evolution.write_on_phone("loja", {"conversation": "Oi, aqui é a Ana."}, jid)
        evolution.receive("loja", {"conversation": "Obrigada!"}, jid)
        until(lambda: len(service.http.get("/chats/list").json()) == 3)

        assert len(sent_by(evolution)) == 1
        assert not service.http.get("/chats/list").json()[0]["active"]
        assert set(evolution.webhook_statuses) == {200}
        assert service.http.get(f"/channels/get/{channel['_id']}").json()["state"] == "connected"

        evolution.post("loja", "connection.update", {"instance": "loja", "state": "close", "statusReason": 428})
        shown = until(lambda: lost(service, channel["_id"]))
        assert "qrCode" in shown["warnings"][0]["remedy"]
        evolution.lose_webhooks = True
        record = evolution.write_on_phone("loja", {"conversation": "Do telefone"}, "5511987650000@s.whatsapp.net")
        evolution.advance("loja", record["key"]["id"], "READ")
        evolution.receive("loja", {"conversation": "Qual é o prazo?"}, "5511987654321@s.whatsapp.net")
        evolution.lose_webhooks = False
        evolution.post("loja", "connection.update", {"instance": "loja", "state": "open", "statusReason": 200})
        until(lambda: len(sent_by(evolution)) == 2)
        until(lambda: service.http.get(f"/channels/get/{channel['_id']}").json()["state"] == "connected")

        exported = service.http.get(f"/conversations/list?q=%2B{CUSTOMER}").json()[0]["_id"]
        (contact,) = service.http.get(f"/conversations/export/{exported}").json()["contacts"]
        assert contact["aliases"] == [{"kind": "phone", "value": CUSTOMER, "channel_id": None}]
        assert service.http.delete(f"/channels/delete/{channel['_id']}").status_code == 200
        assert (evolution.instances["loja"].webhook or {})["enabled"] is False
        assert evolution.api_key not in (place / "stdout").read_text() + (place / "stderr").read_text()


def test_what_was_taken_in_outlives_a_service_that_is_killed(place: Path, evolution: EvolutionServer) -> None:
    service = launch(place, **ALLOWED)
    service.sign_in()
    assistant = service.make_assistant()
    added(service, assistant, "evolution", base_url=evolution.url, instance="loja", api_key=evolution.api_key)
    customers = [f"55139885934{number}@s.whatsapp.net" for number in range(10, 20)]
    threads = [
        threading.Thread(target=evolution.receive, args=("loja", {"conversation": "Oi"}, one)) for one in customers
    ]
    for thread in threads:
        thread.start()
    until(lambda: evolution.webhook_statuses)
    port = int(service.url.rpartition(":")[2])

    service.kill()
    service = launch(place, PORT=port, **ALLOWED)
    try:
        until(lambda: len(sent_by(evolution)) >= len(customers))
        time.sleep(2)
        assert len(sent_by(evolution)) == len(customers)
    finally:
        evolution.closed.set()
        service.stop()
        for thread in threads:
            thread.join()


def test_meta_sets_itself_up_and_a_message_is_answered_once(place: Path) -> None:
    with GraphServer() as graph, running(place, **ALLOWED) as service:
        assistant = service.make_assistant()
        wanted = graph.channel()
        fields = {**wanted.options, "access_token": wanted.secrets["access_token"]}
        channel = added(service, assistant, "whatsapp_cloud", **fields, app_secret=wanted.secrets["app_secret"])
        assert channel["problem"] is None, channel
        body = of_messages(message("wamid.7", "Oi", CUSTOMER, timestamp=str(int(time.time()))))
        signed = {"X-Hub-Signature-256": signature(body, wanted.secrets["app_secret"])}
        path = channel["webhook_url"].removeprefix(service.url)

        statuses = [service.http.post(path, content=body, headers=signed).status_code for _ in range(5)]

        assert statuses == [200] * 5
        assert service.http.post(path, content=body + b" ", headers=signed).status_code == 401
        until(lambda: graph.ids)
        time.sleep(1)
        assert len(graph.ids) == 1
        assert len(service.http.get("/chats/list").json()) == 1


def test_a_channel_is_added_on_the_command_line(place: Path, evolution: EvolutionServer) -> None:
    with running(place, **ALLOWED) as service:
        assistant = service.make_assistant()
        fields = [f"base_url={evolution.url}", "instance=loja", f"api_key={evolution.api_key}"]
        wanted = ["channel", "add", assistant["_id"], "evolution", "Loja", *fields]

        made = command(place, *wanted, PUBLIC_URL=service.url, **ALLOWED)
        again = command(place, *wanted, PUBLIC_URL=service.url, **ALLOWED)

        assert made.returncode == 0, made.stderr
        assert "paused" not in made.stdout
        assert (
            again.stderr.splitlines()[-1]
            == "Not done. Another channel has this account already; delete that first."
        )
        wrong = command(place, "channel", "add", assistant["_id"], "telegram", "Bot", "bot_token=123", **ALLOWED)
        assert wrong.stderr.splitlines()[-1].startswith("bot_token: Enter the token")
        evolution.receive("loja", {"conversation": "Oi"}, f"{CUSTOMER}@s.whatsapp.net")
        until(lambda: sent_by(evolution))
        talk_through_a_widget(place, service, assistant)


def talk_through_a_widget(place: Path, service: Service, assistant: dict[str, Any]) -> None:
    site = "https://www.loja.example"
    wanted = ["channel", "add", assistant["_id"], "web", "Site", f"origins={site},https://loja.example"]
    made = command(place, *wanted, PUBLIC_URL=service.url)
    script = re.search(r'<script src="(\S+)" data-channel="(\S+)" async></script>', made.stdout)
    assert script, made.stdout + made.stderr
    assert service.http.get(script[1]).headers["Content-Type"].startswith("text/javascript")

    widget = httpx.Client(base_url=f"{service.url}/widget/{script[2]}", headers={"Origin": site}, verify=False)
    widget.headers["Authorization"] = f"Bearer {widget.post('/sessions').json()['token']}"
    assert widget.post("/messages", json={"id": "message-1", "text": "Oi"}).status_code == 202

    (said,) = until(lambda: widget.get("/messages?after=1").json()["messages"])
    assert (said["number"], said["by"]) == (2, "business")

"""A provider is down, a provider hangs, a process dies: what waits goes out in order, and nobody else waits."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from pymongo.database import Database

from app.domain.rows import Row
from app.embedded_database import EmbeddedDatabase
from tests.e2e.service import Service, launch, running
from tests.fakes.evolution_server import Fault as EvolutionFault
from tests.fakes.graph_replies import Fault, Reply, failing
from tests.fakes.graph_server import GraphServer
from tests.stress.channel_kinds import ALLOWED, Kind, WhatsApp, add_channel, all_kinds
from tests.stress.conftest import SECRET, make_place
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(1800)]

DOWN_SECONDS = 30
CONTACTS = 20
MESSAGES_EACH = 10
TOO_OLD_SECONDS = 40 * 60
MOST_WEBHOOK_SECONDS = 1.0
MOST_GROWTH_MB = 60
# Nobody waits for longer than five minutes after a provider is back.
PATIENCE_SECONDS = 330
RELIEVED_SECONDS = 60


class Always:
    """Faults without an end, until they are taken away."""

    def __init__(self, fault: Fault) -> None:
        self._fault, self.over = fault, False

    def __bool__(self) -> bool:
        return not self.over

    def popleft(self) -> Fault:
        return self._fault


def until(condition: Callable[[], Any], seconds: float) -> float:
    """How long it took until the condition held."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it never came to that"
        time.sleep(0.1)
    return time.monotonic() - began


def post(http: httpx.Client, path: str, kind: Kind, contact: int, number: int, *, age: float = 0) -> float:
    """Seconds until a message was taken in."""
    body, headers = kind.request(contact, number, f"Pergunta {number} de {contact}", age=age)
    began = time.monotonic()
    assert http.post(path, content=body, headers=headers).status_code == 200
    return time.monotonic() - began


def test_what_waits_for_a_provider_goes_out_in_order(
    place: Path, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    down_seconds = 60 * (pytestconfig.getoption("outage_minutes", None) or DOWN_SECONDS / 60)
    model, messages = RecordingModel(0, 0.1), CONTACTS * MESSAGES_EACH
    with (
        GraphServer() as graph,
        model.served() as settings,
        running(place, LOG_LEVEL="ERROR", **ALLOWED, **settings) as service,
        service.http as http,
    ):
        kind, process = WhatsApp(graph), psutil.Process(service.process.pid)
        assistant_id = service.make_assistant()["_id"]
        _, path = add_channel(http, assistant_id, kind)
        outage = Always(Fault(Reply(503, {"error": {"code": 2, "message": "down", "type": "x"}})))
        graph.faults = outage  # type: ignore[assignment]
        taken, memory, began = [], [], time.monotonic()
        for one in range(messages):
            taken.append(post(http, path, kind, one % CONTACTS, one // CONTACTS))
            memory.append(process.memory_info().rss / 1e6)
            time.sleep(max(0.0, began + (one + 1) * down_seconds / messages - time.monotonic()))
        taken += [post(http, path, kind, CONTACTS, 0, age=TOO_OLD_SECONDS)]
        assert kind.sent() == []
        outage.over = True
        back = until(lambda: len(kind.sent()) == messages, PATIENCE_SECONDS)
        sent = kind.sent()
        waits = http.get(
            "/chats/list", params={"assistant_id": assistant_id, "channel_id": "+5513900000020"}
        ).json()

    for contact in range(CONTACTS):
        asked = [text.partition(" a ")[2] for to, text in sent if to == contact]
        assert asked == [f"Pergunta {one} de {contact}" for one in range(MESSAGES_EACH)]
    assert [(chat["response"], chat["active"]) for chat in waits] == [("", False)]
    assert max(taken) < MOST_WEBHOOK_SECONDS
    growth = memory[-1] - memory[CONTACTS]
    assert growth < MOST_GROWTH_MB
    figures = {"seconds": down_seconds, "messages": len(sent), "slowest_webhook_ms": round(1000 * max(taken))}
    more = {"all_sent_seconds_after": round(back, 1), "memory_growth_mb": round(growth, 1)}
    record_property("channel_outages", {"outage": {**figures, **more, "lost": 0, "out_of_order": 0}})


def test_a_slow_provider_and_a_paused_channel_hold_up_no_other(
    place: Path, record_property: Callable[[str, object], None]
) -> None:
    model = RecordingModel(0, 0.1)
    with (
        all_kinds() as (whatsapp, evolution, telegram),
        model.served() as settings,
        running(place, LOG_LEVEL="ERROR", **ALLOWED, **settings) as service,
        service.http as http,
    ):
        assistant_id = service.make_assistant()["_id"]
        paths = {one.name: add_channel(http, assistant_id, one)[1] for one in (whatsapp, evolution, telegram)}
        evolution.server.misbehave("/message/sendText", *[EvolutionFault.TIME_OUT] * 200)  # type: ignore[attr-defined]
        whatsapp.graph.faults = Always(failing(190, 401))  # type: ignore[attr-defined]
        for contact in range(80):
            for slow in (whatsapp, evolution):
                post(http, paths[slow.name], slow, contact, 0)
        time.sleep(3)
        began = time.monotonic()
        for contact in range(10):
            post(http, paths[telegram.name], telegram, contact, 0)
        until(lambda: len(telegram.sent()) == 10, 25)
        seconds = time.monotonic() - began

    record_property(
        "channels", {"neighbours": {"waiting_elsewhere": 160, "ten_answers_seconds": round(seconds, 1)}}
    )


def test_a_webhook_is_told_at_once_to_come_again_while_the_database_is_down(
    tmp_path: Path, bundled_models: Path, record_property: Callable[[str, object], None]
) -> None:
    database, seconds = EmbeddedDatabase(tmp_path / "database"), []
    (tmp_path / "database").mkdir()
    try:
        shared = {"MONGODB_URI": database.start(), "SECRET_KEY": SECRET, "LOG_LEVEL": "ERROR", **ALLOWED}
        with (
            GraphServer() as graph,
            running(make_place(tmp_path / "service", bundled_models), **shared) as service,
            service.http as http,
        ):
            kind = WhatsApp(graph)
            _, path = add_channel(http, service.make_assistant()["_id"], kind)
            post(http, path, kind, 0, 0)
            database.stop()
            for number in range(20):
                body, headers = kind.request(1, number, "Oi")
                began = time.monotonic()
                answer = http.post(path, content=body, headers=headers)
                seconds.append(time.monotonic() - began)
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            service.kill()  # which would wait for its database
    finally:
        database.stop()

    assert max(seconds) < MOST_WEBHOOK_SECONDS
    told = {"posts": 20, "slowest_webhook_ms": round(1000 * max(seconds)), "taken_in": 0}
    record_property("channel_outages", {"no_database": told})


@contextmanager
def two(tmp_path: Path, models: Path, uri: str, database: Database[Row], **more: Any) -> Iterator[list[Service]]:
    """Two processes on one database, of which the first may be killed."""
    shared = {"MONGODB_URI": uri, "MONGODB_DB": database.name, "SECRET_KEY": SECRET, "LOG_LEVEL": "ERROR", **more}
    folders = [make_place(tmp_path / name, models) for name in ("one", "two")]
    services = [launch(one, DOCUMENTS_DIR=tmp_path / "documents", **shared) for one in folders]
    try:
        services[0].sign_in()
        services[1].token = services[0].token
        yield services
    finally:
        for one in services:
            if one.process.poll() is None:
                one.stop()


def test_a_process_that_dies_is_relieved_within_a_minute(
    tmp_path: Path,
    bundled_models: Path,
    database_uri: str,
    database: Database[Row],
    record_property: Callable[[str, object], None],
) -> None:
    model = RecordingModel(0.5, 3)
    with (
        GraphServer() as graph,
        model.served() as settings,
        two(tmp_path, bundled_models, database_uri, database, **ALLOWED, **settings) as (first, second),
    ):
        kind = WhatsApp(graph)
        _, path = add_channel(second.http, second.make_assistant()["_id"], kind)
        with first.http as http:
            for contact in range(30):
                post(http, path, kind, contact, 0)
        first.kill()
        killed, before = time.monotonic(), len(kind.sent())
        until(lambda: len({contact for contact, _ in kind.sent()}) == 30, RELIEVED_SECONDS)
        seconds = time.monotonic() - killed

    figures = {"messages": 30, "answered_before": before, "all_answered_seconds_after": round(seconds, 1)}
    record_property("channel_outages", {"relief": figures})

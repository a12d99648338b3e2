"""kill -9 again and again while customers write by every channel: nothing is lost, and nothing sent twice."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any

import httpx
import pytest

from tests.stress.channel_kinds import ALLOWED, Kind, add_channel, all_kinds, times_sent
from tests.stress.model import RecordingModel
from tests.stress.victim import Victim
from tests.stress.web_visitors import Web

pytestmark = [pytest.mark.stress, pytest.mark.timeout(7200)]

KILLS = 8
CONTACTS_EACH = 3
LONGEST_LIFE_SECONDS = 6
LONGEST_PAUSE_SECONDS = 3.0
# A part that was being sent is left for 45 seconds, and may then be open for another minute.
PATIENCE_SECONDS = 360
GIVE_UP_SECONDS = 120


@dataclass
class Customers:
    """Contacts of one channel who write until they are told to stop; the provider posts until it gets a 200."""

    kind: Kind
    contacts: range
    victim: Victim
    path: str
    stop: Event
    texts: list[str] = field(default_factory=list)
    cut_off: int = 0

    def write(self, contact: int) -> None:
        """What one contact does."""
        number = 0
        while not self.stop.is_set():
            text = f"Pergunta {number} de {contact} por {self.kind.name}"
            self.post(*self.kind.request(contact, number, text))
            self.texts.append(text)
            if isinstance(self.kind, Web):
                self.kind.look(contact)
            number += 1
            self.stop.wait(random.uniform(0, LONGEST_PAUSE_SECONDS))

    def post(self, body: bytes, headers: dict[str, str]) -> None:
        """Until it is taken, as providers do."""
        until = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < until:
            try:
                if self.victim.service.http.post(self.path, content=body, headers=headers).is_success:
                    return
            except httpx.TransportError:
                pass
            self.cut_off += 1
            time.sleep(random.uniform(0.1, 0.4))
        raise AssertionError("A webhook was never answered.")


def test_nothing_is_lost_and_nothing_is_sent_twice(
    place: Path, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    kills = pytestconfig.getoption("kills", None) or KILLS
    model = RecordingModel(0, 0.3)
    with all_kinds() as providers, model.served() as settings, Victim(place, **ALLOWED, **settings) as victim:
        assistant_id, stop, web = victim.service.make_assistant()["_id"], Event(), Web(victim.service.http)
        kinds: list[Kind] = [*providers, web]
        added = {kind.name: add_channel(victim.service.http, assistant_id, kind) for kind in kinds}
        customers = [
            Customers(kind, range(first, first + CONTACTS_EACH), victim, added[kind.name][1], stop)
            for first, kind in zip((0, 100, 200, 300), kinds, strict=True)
        ]
        for contact in customers[-1].contacts:
            web.open(added[web.name][1], contact)
        restarts = _kill_while_they_write(victim, customers, stop, kills)
        unanswered = _until_all_are_answered(customers)
        became = _what_became_of(victim, unanswered) if unanswered else []
        parts = [part for channel_id, _ in added.values() for part in _parts(victim, channel_id)]
    written = sum(len(one.texts) for one in customers)
    twice = [text for one in customers for text, times in times_sent(one.kind, one.texts).items() if times > 1]
    # Of what was being sent when two processes died, nobody knows whether it arrived: it fails, for people to see.
    given_up = {_question(part) for part in parts if (part["state"], part["error_code"]) == ("failed", "unknown")}
    attempts = {_question(part): part["attempts"] for part in parts}

    assert [text for text in unanswered if text not in given_up] == [], became
    assert not any("evolution" in text or "web" in text for text in given_up), "they can be asked"
    assert not [part for part in parts if part["state"] == "queued"]
    assert all(times <= 2 for one in customers for times in times_sent(one.kind, one.texts).values())
    assert all(attempts[text] > 1 for text in twice), "sent twice without an attempt that was left open"
    assert not any("evolution" in text for text in twice), "Evolution says what it has sent"
    assert not any("web" in text for text in twice), "a page shows each part once"
    figures = {"kills": kills, "kinds": [kind.name for kind in kinds], "messages": written, "lost": 0}
    twice_sent = {
        "sent_twice_after_an_open_attempt": len(twice),
        "sent_twice_otherwise": 0,
        "given_up": len(given_up),
    }
    cut_off = {
        "restart_seconds_median": round(median(restarts), 1),
        "posts_without_answer": sum(one.cut_off for one in customers),
    }
    record_property("channel_kills", {**figures, **twice_sent, **cut_off})


def _kill_while_they_write(victim: Victim, customers: Sequence[Customers], stop: Event, kills: int) -> list[float]:
    """How many seconds each restart took."""
    restarts: list[float] = []
    with ThreadPoolExecutor(CONTACTS_EACH * len(customers)) as threads:
        writing = [threads.submit(one.write, contact) for one in customers for contact in one.contacts]
        try:
            for _ in range(kills):
                time.sleep(random.uniform(0, LONGEST_LIFE_SECONDS))
                if any(one.done() for one in writing):
                    break  # with an error, which is raised below
                began = time.monotonic()
                victim.kill_and_restart()
                restarts.append(time.monotonic() - began)
        finally:
            stop.set()
    for one in writing:
        one.result()
    return restarts


def _until_all_are_answered(customers: Sequence[Customers]) -> list[str]:
    """What was never answered."""
    until = time.monotonic() + PATIENCE_SECONDS
    while missing := [text for one in customers for text, n in times_sent(one.kind, one.texts).items() if not n]:
        if time.monotonic() > until:
            return missing
        time.sleep(0.5)
    time.sleep(2)  # for what would be sent twice
    return []


def _parts(victim: Victim, channel_id: str) -> list[dict[str, Any]]:
    with victim.service.http as http:
        page = http.get("/outbox/list", params={"channel_id": channel_id, "limit": 100})
        found = list(page.json())
        while "next" in page.links:
            page = http.get(page.links["next"]["url"])
            found += page.json()
    return found


def _question(part: Mapping[str, Any]) -> str:
    """The message that a part answers, which the model repeats."""
    return str(part["text"]).partition(" a ")[2]


def _what_became_of(victim: Victim, lost: Sequence[str]) -> list[Any]:
    """Of messages that nobody was answered: whether there is a chat, and how far that and its answer have come."""
    with victim.service.http as http:
        page = http.get("/chats/list", params={"limit": 500})
        chats = list(page.json())
        while "next" in page.links:
            page = http.get(page.links["next"]["url"])
            chats += page.json()
        channels = [http.get(f"/channels/get/{one}").json() for one in {chat["channel_id"] for chat in chats}]
    known = {chat["message"]: chat for chat in chats}
    told = [(text, known.get(text)) for text in lost]
    shown = ("_id", "state", "active", "response", "createdAt", "delivery")
    of_channels = [(one["name"], one["kind"], one["state"], one["problem"]) for one in channels]
    return [*of_channels, *((text, chat and [chat.get(name) for name in shown]) for text, chat in told)]

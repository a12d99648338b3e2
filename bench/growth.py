"""What a message and a page of a list cost with few and with very many chats on record."""

import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
from bson import ObjectId

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Channel, Tokens, conversation_id_of
from app.domain.ids import new_id
from app.domain.rows import Row
from app.domain.search_words import keys_of
from app.embedded_database import EmbeddedDialect, running_uri
from app.repositories.chat_rows import to_row
from app.repositories.conversation_rows import name_row, new_row
from app.repositories.message_words import MessageWordRepository
from app.repositories.mongo import connect
from bench.children import cpu_seconds, stub_model
from bench.customers import Customers
from bench.installation import Running, running
from bench.measuring import Target, measure
from bench.scale import Scale
from bench.table import Row as Line
from bench.table import Section, at_most

_CLIENTS = 4
_MOST_PER_SECOND = 300
_CHATS_PER_CONVERSATION = 10
# One conversation in so many is with a person.
_WITH_PERSON = 50
_INSERTED_AT_ONCE = 2_000
# A year for ten million, as a busy house has them.
_SECONDS_BETWEEN_CHATS = 3
_GROWTH = 1.2
_HOT_MESSAGES = 1_000
_HOT_EDGE = 150
_PAGES = 15
_LONG_TEXT = 40_000
_LONG_PART = 4_000
_LONG_TIMES_SHORT = 4
_ANSWER = ("O prazo de entrega é de cinco dias úteis.",)
_LISTS = {
    "/chats/list": "/chats/list?limit=20",
    "/chats/listarAtivos": "/chats/listarAtivos?limit=20",
    "/chats/listarInativos": "/chats/listarInativos?limit=20",
    "/conversations/list": "/conversations/list?limit=20",
}


def run(folder: Path, scale: Scale, customers: Customers) -> Section:
    """Fill a service's database step by step, and measure at each."""
    place = folder / "growth"
    (place / "data").mkdir(parents=True)
    (place / "data" / "models").symlink_to(folder / "data" / "models")
    messages: dict[int, float] = {}
    lists: dict[str, dict[int, float]] = {name: {} for name in _LISTS}
    with stub_model(0) as model_url, running(place, model_url) as ours:
        assistant = ours.service.make_assistant()
        target = Target(ours.process, ours.port, assistant["api_key"], ours.database)
        _cpu_of_messages(target, scale, customers)  # warms up
        stored = 0
        for size in scale.chats:
            fill(place, assistant, size - stored)
            stored = max(stored, size)
            messages[size] = _cpu_of_messages(target, scale, customers)
            for name, path in _LISTS.items():
                lists[name][size] = _page_ms(ours, path)
        hot = _hot_conversation(ours, assistant["api_key"])
        long = _long_page(ours, place)
    lines = [*_lines(messages, lists, hot), long]
    return Section("Growth with the number of chats", lines, _figures(messages, lists, hot))


def _cpu_of_messages(target: Target, scale: Scale, customers: Customers) -> float:
    """CPU ms a message, of the service and its database."""
    taken = []
    for _ in range(scale.repeats):
        conversations = customers.conversations(_MOST_PER_SECOND * scale.seconds)
        measured = measure(target, _CLIENTS, scale.seconds, 0.1, conversations)
        taken.append(measured.cpu_ms + measured.database_cpu_ms)
    return statistics.median(taken)


def _page_ms(ours: Running, path: str) -> float:
    """CPU ms a page, of the service and its database."""
    with ours.service.http as client:
        client.get(path).raise_for_status()
        before = cpu_seconds(ours.process) + cpu_seconds(ours.database)
        for _ in range(_PAGES):
            client.get(path).raise_for_status()
        used = cpu_seconds(ours.process) + cpu_seconds(ours.database) - before
    return 1000 * used / _PAGES


def _long_page(ours: Running, place: Path) -> Line:
    """What a page of 20 chats costs whose answers are as long as answers get, beside one of short ones."""
    pages = []
    part = ("palavra " * _LONG_PART)[:_LONG_PART]
    for parts in (("O prazo é de cinco dias.",), (part,) * (_LONG_TEXT // _LONG_PART)):
        assistant = ours.service.make_assistant()
        fill(place, assistant, 2 * _CHATS_PER_CONVERSATION, parts)
        pages.append(_page_ms(ours, f"/chats/list?limit=20&assistant_id={assistant['_id']}"))
    what = f"/chats/list, 20 chats of {_LONG_TEXT:,} characters ({pages[1]:.0f} ms) : short ones"
    return at_most(what, pages[1] / pages[0], _LONG_TIMES_SHORT, "×")


def _hot_conversation(ours: Running, api_key: str) -> dict[str, float]:
    """CPU ms a message at the beginning and at the end of one conversation of a thousand messages."""
    body = {"id": "+5511900000000", "message_service": "Whatsapp", "username": "Maria"}
    began, used = time.monotonic(), []
    with httpx.Client(base_url=ours.service.url, headers={"X-API-Key": api_key}, verify=False) as client:
        for number in range(_HOT_MESSAGES):
            if number in (_HOT_EDGE, 2 * _HOT_EDGE, _HOT_MESSAGES - _HOT_EDGE):
                used.append(cpu_seconds(ours.process) + cpu_seconds(ours.database))
            text = json.dumps({**body, "message": f"Pergunta {number}: qual é o prazo?"})
            client.post("/chats/enviarMensagemLLM", content=text, headers={"Content-Type": "application/json"})
        used.append(cpu_seconds(ours.process) + cpu_seconds(ours.database))
    first, last = (1000 * (used[end] - used[start]) / _HOT_EDGE for start, end in ((0, 1), (2, 3)))
    return {"first": first, "last": last, "seconds": time.monotonic() - began}


def fill(place: Path, assistant: dict[str, Any], chats: int, parts: tuple[str, ...] = _ANSWER) -> None:
    """Store so many more chats of the assistant, in conversations of ten, with this answer."""
    database = connect(running_uri(place / "data") or "")
    made = _chats(assistant, chats, parts)
    words = MessageWordRepository(database, EmbeddedDialect())
    while rows := list(islice(made, _INSERTED_AT_ONCE)):
        database["chats"].insert_many([to_row(chat) for chat in rows], ordered=False)
        words.put({chat.id: keys_of(chat.message, chat.response) for chat in rows}, rows)
        firsts = [chat for number, chat in enumerate(rows) if number % _CHATS_PER_CONVERSATION == 0]
        lasts = [chat for number, chat in enumerate(rows, 1) if number % _CHATS_PER_CONVERSATION == 0]
        found = [_conversation(first, last) for first, last in zip(firsts, lasts, strict=True)]
        database["conversations"].insert_many(found, ordered=False)
    database.client.close()


def _chats(assistant: dict[str, Any], count: int, parts: tuple[str, ...]) -> Iterator[Chat]:
    answered = Chat(
        id="",
        assistant_id=assistant["_id"],
        owner_id=assistant["owner_id"],
        conversation_id="",
        channel=Channel("", "Whatsapp"),
        username="Maria",
        active=True,
        message="Qual é o prazo de entrega?",
        created_at=datetime.now(UTC),
        response="\n\n".join(parts),
        parts=parts,
        tokens=Tokens(300, 20),
        state=ChatState.ANSWERED,
    )
    first = int(time.time()) - _SECONDS_BETWEEN_CHATS * count
    for number in range(0, count, _CHATS_PER_CONVERSATION):
        channel = Channel(f"+{new_id()}", "Whatsapp")
        conversation_id = conversation_id_of(assistant["_id"], channel)
        for place in range(_CHATS_PER_CONVERSATION):
            seconds = first + _SECONDS_BETWEEN_CHATS * (number + place)
            chat_id = f"{seconds:08x}{new_id()[8:]}"
            yield replace(answered, id=chat_id, conversation_id=conversation_id, channel=channel)


def _conversation(first: Chat, last: Chat) -> Row:
    row = new_row(first) | name_row(first.username, first.channel)
    active = int(first.id[-4:], 16) % _WITH_PERSON != 0
    ids = {"_id": ObjectId(first.conversation_id), "latest_chat_id": ObjectId(last.id)}
    return {**row, **ids, "active": active, "latest_chats": [ObjectId(first.id), ObjectId(last.id)], "queue": []}


def _lines(messages: dict[int, float], lists: dict[str, dict[int, float]], hot: dict[str, float]) -> list[Line]:
    fewest = min(messages)
    lines = [Line(f"CPU ms per message, {fewest:,} chats (service + database)", f"{messages[fewest]:.1f}")]
    lines += [
        at_most(f"  … {size:,} chats, times that", cost / messages[fewest], _GROWTH, "×")
        for size, cost in messages.items()
        if size != fewest
    ]
    for name, pages in lists.items():
        sizes = " | ".join(f"{size:,}: {cost:.1f}" for size, cost in pages.items())
        lines.append(Line(f"{name}, a page of 20, CPU ms at … chats", sizes))
    what = f"one conversation of {_HOT_MESSAGES:,} messages: last to first, CPU"
    lines.append(at_most(what, hot["last"] / hot["first"], _GROWTH, "×"))
    return lines


def _figures(
    messages: dict[int, float], lists: dict[str, dict[int, float]], hot: dict[str, float]
) -> dict[str, Any]:
    return {"message_cpu_ms": messages, "page_cpu_ms": lists, "hot_conversation_cpu_ms": hot}

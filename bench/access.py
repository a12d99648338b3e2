"""What a list of assistants and a check of access cost when many people share many assistants."""

import random
import time
from pathlib import Path
from typing import Any

import httpx
from bson import ObjectId
from pymongo.database import Database

from app.domain.ids import new_id
from app.domain.rows import Row
from app.embedded_database import running_uri
from app.repositories.mongo import connect
from bench.children import cpu_seconds, stub_model
from bench.installation import Running, running
from bench.table import Row as Line
from bench.table import Section, at_most

MEMBERS = 50
_SIZES = (10, 1_000)
_PEOPLE = 5_000
_REQUESTS = 200
_GROWTH = 1.5
_INSERTED_AT_ONCE = 200
_SECONDS_BETWEEN = 3600


def share(database: Database[Row], like: str, user_id: str, ages: range) -> list[str]:
    """Store copies of the assistant `like`, each with 50 members, one of whom is the user; the new ids.

    `ages`: how many hours ago each was made.
    """
    pattern = database["assistants"].find_one({"_id": ObjectId(like)}) or {}
    people = [new_id() for _ in range(_PEOPLE)]
    now = int(time.time())
    ids = [f"{now - _SECONDS_BETWEEN * age:08x}{new_id()[8:]}" for age in ages]
    for start in range(0, len(ids), _INSERTED_AT_ONCE):
        rows = [_shared(pattern, one, user_id, people) for one in ids[start : start + _INSERTED_AT_ONCE]]
        database["assistants"].insert_many(rows)
    return ids


def _shared(pattern: Row, assistant_id: str, user_id: str, people: list[str]) -> Row:
    members = [user_id, *random.sample(people, MEMBERS - 1)]
    rows = [{"user_id": ObjectId(one), "role": "viewer"} for one in members]
    keys = [{**key, "_id": ObjectId(), "hash": new_id()} for key in pattern["keys"]]
    return {**pattern, "_id": ObjectId(assistant_id), "owner_id": ObjectId(), "keys": keys, "members": rows}


def run(folder: Path) -> Section:
    """Measure as somebody with a role at 10, then at 1,000 assistants of 50 members each."""
    place = folder / "access"
    (place / "data").mkdir(parents=True)
    (place / "data" / "models").symlink_to(folder / "data" / "models")
    costs: dict[str, dict[int, float]] = {"GET /assistants/list?limit=10": {}, "GET /assistants/get/<id>": {}}
    with stub_model(0) as model_url, running(place, model_url) as ours:
        like = ours.service.make_assistant()["_id"]
        member = _newcomer(ours)
        shared: list[str] = []
        for size in _SIZES:
            database = connect(running_uri(place / "data") or "")
            shared += share(database, like, member["id"], range(len(shared), size))
            database.client.close()
            paths = ("/assistants/list?limit=10", f"/assistants/get/{shared[0]}")
            for cost, path in zip(costs.values(), paths, strict=True):
                cost[size] = _cpu_ms(ours, member["token"], path)
    return Section(f"Shared assistants, of {MEMBERS} members each", [_line(*one) for one in costs.items()], costs)


def _newcomer(ours: Running) -> dict[str, Any]:
    account = {"email": "bia@example.com", "password": "uma senha bem comprida"}
    ours.service.http.post("/auth/register", json={"name": "Bia", **account}).raise_for_status()
    answer = ours.service.http.post("/auth/login", json=account).json()
    return {"id": answer["user"]["id"], "token": answer["token"]}


def _cpu_ms(ours: Running, token: str, path: str) -> float:
    """CPU ms a request, of the service and its database."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=ours.service.url, headers=headers, verify=False) as client:
        for _ in range(10):
            client.get(path).raise_for_status()
        before = cpu_seconds(ours.process) + cpu_seconds(ours.database)
        for _ in range(_REQUESTS):
            client.get(path).raise_for_status()
        return 1000 * (cpu_seconds(ours.process) + cpu_seconds(ours.database) - before) / _REQUESTS


def _line(what: str, costs: dict[int, float]) -> Line:
    few, many = _SIZES
    told = f"{what}, CPU at {many:,} assistants ({costs[many]:.1f} ms) : at {few} ({costs[few]:.1f} ms)"
    return at_most(told, costs[many] / costs[few], _GROWTH, "×")

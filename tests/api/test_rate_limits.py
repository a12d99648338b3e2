"""How often callers may ask: RATE_LIMIT_*"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.ids import new_id
from tests.api.house import PHONE, Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database

FEW: dict[str, Any] = {
    "rate_limit_messages": "3/minute",
    "rate_limit_search": "2/minute",
    "rate_limit_uploads": "2/hour",
    "rate_limit_register": "4/minute",
    "rate_limit_reads": "12/minute",
    "rate_limit_visitors": "6/minute",
    "rate_limit_visitor_messages": "2/minute",
}
UNLIMITED = {"/health", "/ready"}


@pytest.fixture(scope="module")
def limited_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("limited")
    with scratch_database(database_uri) as database, open_house(database, folder, **FEW) as house:
        yield house


@pytest.fixture
def ana(limited_house: House) -> Caller:
    return limited_house.newcomer("Ana")


@pytest.fixture
def assistant(ana: Caller) -> dict[str, Any]:
    return ana.make_assistant()


@pytest.fixture
def gateway(limited_house: House, assistant: dict[str, Any]) -> Caller:
    return limited_house.gateway(assistant["api_key"])


def left(response: TestResponse) -> tuple[str, int, int]:
    """The policy, what remains, and the seconds of the window's oldest request, by the answer's headers."""
    policy = response.headers["RateLimit-Policy"]
    found = re.fullmatch(r'"([a-z_]+)";r=(\d+);t=(\d+)', response.headers["RateLimit"])
    assert found, response.headers["RateLimit"]
    assert policy.startswith(f'"{found[1]}";q=')
    return policy, int(found[2]), int(found[3])


def assert_limited(response: TestResponse, longest: int) -> None:
    assert_error(response, 429, "rate_limited")
    assert 1 <= int(response.headers["Retry-After"]) <= longest
    assert left(response)[1] == 0


def test_each_answer_tells_what_is_left(gateway: Caller) -> None:
    answers = [gateway.say("Oi", f"{PHONE}{number}") for number in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [left(answer)[:2] for answer in answers] == [('"messages";q=3;w=60', rest) for rest in (2, 1, 0, 0)]
    assert_limited(answers[-1], 60)


def test_a_key_is_counted_apart_from_others_and_from_its_owner(
    limited_house: House, ana: Caller, gateway: Caller
) -> None:
    other = limited_house.gateway(ana.make_assistant()["api_key"])
    for _ in range(4):
        gateway.say("Oi")

    assert gateway.say("Oi").status_code == 429
    assert other.say("Oi").status_code == 200
    assert ana.get("/chats/list").status_code == 200


def test_classes_are_counted_apart(ana: Caller, assistant: dict[str, Any]) -> None:
    path, question = f"/assistants/search/{assistant['_id']}", {"query": "prazo"}
    searches = [ana.post(path, question) for _ in range(3)]
    uploads = [ana.send_file(assistant["_id"], "Texto.", f"{number}.md") for number in range(3)]

    assert [search.status_code for search in searches] == [200, 200, 429]
    assert [upload.status_code for upload in uploads] == [201, 201, 429]
    assert left(uploads[0])[0] == '"uploads";q=2;w=3600'
    assert_limited(uploads[-1], 3600)
    assert ana.get("/documents/list").status_code == 200


def test_people_are_counted_apart(limited_house: House, ana: Caller) -> None:
    bruno = limited_house.newcomer("Bruno")
    reads = [ana.get("/assistants/list").status_code for _ in range(13)]

    assert reads == [200] * 12 + [429]
    assert bruno.get("/assistants/list").status_code == 200


def test_registering_and_signing_in_count_for_the_address(limited_house: House) -> None:
    caller = Caller(limited_house.client, address="192.0.2.7")
    account = {"email": f"{new_id()}@example.com", "password": "wrong password"}
    attempts = [caller.post("/auth/login", account) for _ in range(4)]

    assert [attempt.status_code for attempt in attempts] == [401] * 4
    assert [left(attempt)[1] for attempt in attempts] == [3, 2, 1, 0]
    assert_limited(caller.post("/auth/register", {"name": "Ana"}), 60)
    assert Caller(limited_house.client, address="192.0.2.8").post("/auth/login", account).status_code == 401


def test_behind_a_proxy_the_client_counts(database_uri: str, tmp_path: Path) -> None:
    few: dict[str, Any] = {"rate_limit_register": "2/minute", "trusted_proxies": 1}
    with scratch_database(database_uri) as database, open_house(database, tmp_path, **few) as house:
        statuses = {
            client: [
                house.anyone().post("/auth/login", {}, headers={"X-Forwarded-For": f"6.6.6.{number}, {client}"})
                for number in range(3)
            ][-1].status_code
            for client in ("192.0.2.7", "192.0.2.8")
        }
        fresh = house.anyone().post("/auth/login", {}, headers={"X-Forwarded-For": "192.0.2.7, 192.0.2.9"})

    assert statuses == {"192.0.2.7": 429, "192.0.2.8": 429}
    assert fresh.status_code == 422


def test_a_site_of_ipv6_is_one_caller(limited_house: House) -> None:
    for number in range(4):
        Caller(limited_house.client, address=f"2001:db8:5:6::{number:x}").post("/auth/login", {})

    same_site = Caller(limited_house.client, address="2001:db8:5:6:ffff:1:2:3")
    next_site = Caller(limited_house.client, address="2001:db8:5:7::1")
    assert same_site.post("/auth/login", {}).status_code == 429
    assert next_site.post("/auth/login", {}).status_code == 422


def test_wrong_credentials_count_for_the_address_and_lock_nobody_out(limited_house: House, ana: Caller) -> None:
    thief = Caller(limited_house.client, {"Authorization": "Bearer wrong"}, address="192.0.2.9")
    assert [thief.get("/assistants/list").status_code for _ in range(13)] == [401] * 12 + [429]
    guesser = Caller(limited_house.client, {"X-API-Key": "wrong"}, address="192.0.2.9")
    assert [guesser.say("Oi").status_code for _ in range(4)] == [401] * 3 + [429]

    ana.address = "192.0.2.9"

    assert ana.get("/assistants/list").status_code == 200


def test_credentials_are_checked_before_the_limit(limited_house: House, ana: Caller) -> None:
    for _ in range(13):
        ana.get("/assistants/list")

    assert ana.get("/assistants/list").status_code == 429
    forged = Caller(
        limited_house.client, {"Authorization": ana.headers["Authorization"] + "x"}, address="192.0.2.10"
    )
    assert_error(forged.get("/assistants/list"), 401, "unauthorized")


def test_every_route_but_two_is_limited(limited_house: House) -> None:
    number = 0
    rules = limited_house.client.application.url_map.iter_rules()
    for rule in (one for one in rules if one.endpoint != "provider_webhooks.receive"):
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            number += 1
            stranger = Caller(limited_house.client, address=f"192.0.3.{number}")
            path = re.sub("<[^>]*>", "x", rule.rule)

            response = stranger.request(method, path)

            assert ("RateLimit" in response.headers) is (path not in UNLIMITED), (method, path)


def test_the_probes_are_never_refused(limited_house: House) -> None:
    statuses = {Caller(limited_house.client).get("/health").status_code for _ in range(50)}

    assert statuses == {200}


def test_a_refused_stream_is_an_ordinary_error(gateway: Caller) -> None:
    streams = []
    for number in range(4):
        body = {"id": f"{PHONE}{number}", "message_service": "Whatsapp", "message": "Oi"}
        stream = gateway.post("/chats/enviarMensagemLLM", body, headers={"Accept": "text/event-stream"})
        stream.get_data()
        streams.append(stream)

    assert [left(stream)[1] for stream in streams] == [2, 1, 0, 0]
    assert_limited(streams[-1], 60)


def test_a_key_may_have_a_limit_of_its_own(limited_house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    key = {"name": "slow", "scopes": ["messages"], "per_minute": 1}
    response = ana.post(f"/assistants/keys/{assistant['_id']}", key)
    slow = limited_house.gateway((response.json or {})["key"])

    answers = [slow.say("Oi", f"{PHONE}{number}") for number in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert left(answers[0])[0] == '"key";q=1;w=60'


def test_0_is_no_limit(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, rate_limit_reads="0") as house,
    ):
        response = house.newcomer("Ana").get("/assistants/list")

    assert response.status_code == 200
    assert "RateLimit" not in response.headers


def test_processes_on_one_database_share_the_limits(database_uri: str, tmp_path: Path) -> None:
    shared = {**FEW, "mongodb_uri": "mongodb://as.a.second.process", "secret_key": "x" * 32}
    with scratch_database(database_uri) as database, ExitStack() as closing:
        one, two = (
            closing.enter_context(open_house(database, tmp_path / name, **shared)) for name in ("one", "two")
        )
        key = one.newcomer("Ana").make_assistant()["api_key"]

        answers = [house.gateway(key).say("Oi", f"{PHONE}{place}") for place, house in enumerate([one, two] * 3)]

    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 3


def test_visitors_write_so_often_each_and_all_of_an_address_together(
    limited_house: House, ana: Caller, assistant: dict[str, Any]
) -> None:
    body = {"assistant_id": assistant["_id"], "kind": "web", "name": "Site", "origins": "https://loja.example"}
    key = str((ana.post("/channels/add", body).json or {})["script"]).split('"')[3]
    office, home = replace(limited_house.anyone(), address="203.0.113.7"), limited_house.anyone()
    home.address = "203.0.113.8"

    def post(caller: Caller, path: str, token: str = "", **body: str) -> TestResponse:
        headers = {"Origin": "https://loja.example", "Authorization": f"Bearer {token}"}
        return caller.post(f"/widget/{key}/{path}", body, headers=headers)

    def opened(caller: Caller) -> str:
        return str((post(caller, "sessions").json or {})["token"])

    def write(caller: Caller, token: str) -> TestResponse:
        return post(caller, "messages", token, id=new_id(), text="Oi")

    one, other = opened(office), opened(office)
    assert [write(office, one).status_code for _ in range(2)] == [202, 202]
    refused = write(office, one)
    assert_limited(refused, 60)
    assert left(refused)[0] == '"visitor_messages";q=2;w=60'
    assert refused.headers["Access-Control-Allow-Origin"] == "https://loja.example"
    assert write(office, other).status_code == 202
    refused = write(office, other)
    assert_limited(refused, 60)
    assert left(refused)[0] == '"visitors";q=6;w=60'
    assert write(home, other).status_code == 202
    assert_limited(post(office, "sessions"), 60)

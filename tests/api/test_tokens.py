"""The tokens that `POST /auth/login` gives, and what is not one."""

import base64
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from bson import ObjectId
from pymongo import MongoClient

from app.domain.ids import new_id
from tests.api.house import SECRET, UNKNOWN_ID, Caller, House, assert_error, open_house
from tests.api.test_messages_cost import CommandLog
from tests.fakes.database import scratch_database

PATH = "/auth/me"


def claims_of(caller: Caller) -> dict[str, Any]:
    token = caller.headers["Authorization"].removeprefix("Bearer ")
    return dict(jwt.decode(token, options={"verify_signature": False}))


def with_token(caller: Caller, token: str) -> Caller:
    return replace(caller, headers={"Authorization": f"Bearer {token}"})


def unsigned(claims: dict[str, Any], algorithm: str) -> str:
    """A token with `alg` as its header says, and no signature."""
    parts = [json.dumps(part).encode() for part in ({"alg": algorithm, "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


def assert_refused(caller: Caller) -> None:
    response = caller.get(PATH)
    assert_error(response, 401, "unauthorized")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_of_our_own_making_is_taken(house: House, ana: Caller) -> None:
    """Shows that what the tests below forge fails for the reason they name."""
    token = jwt.encode(claims_of(ana), house.services.token_secrets[0], "HS256")

    assert with_token(ana, token).get(PATH).status_code == 200


def test_an_expired_token_is_refused(house: House, ana: Caller) -> None:
    claims = claims_of(ana) | {"exp": int(time.time()) - 1}

    assert_refused(with_token(ana, jwt.encode(claims, house.services.token_secrets[0], "HS256")))


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(days=400)])
def test_a_clock_set_back_refuses_no_token(house: House, ana: Caller, ahead: timedelta) -> None:
    then = int((datetime.now(UTC) + ahead).timestamp())
    claims = claims_of(ana) | {"iat": then, "exp": then + 3600}

    assert (
        with_token(ana, jwt.encode(claims, house.services.token_secrets[0], "HS256")).get(PATH).status_code == 200
    )


def test_a_token_of_an_earlier_version_is_taken(house: House, ana: Caller) -> None:
    claims = {name: value for name, value in claims_of(ana).items() if name != "generation"}

    assert (
        with_token(ana, jwt.encode(claims, house.services.token_secrets[0], "HS256")).get(PATH).status_code == 200
    )


@pytest.mark.parametrize("secret", ["", "another secret of at least 32 bytes", SECRET])
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_forged_signature_is_refused(ana: Caller, secret: str) -> None:
    assert_refused(with_token(ana, jwt.encode(claims_of(ana), secret or "x", "HS256")))


def test_another_algorithm_is_refused(house: House, ana: Caller) -> None:
    secret = house.services.token_secrets[0] + bytes(64)

    assert_refused(with_token(ana, jwt.encode(claims_of(ana), house.services.token_secrets[0] * 2, "HS512")))
    assert_refused(with_token(ana, jwt.encode(claims_of(ana), secret, "HS384")))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "RS256"])
def test_no_signature_is_refused(ana: Caller, algorithm: str) -> None:
    assert_refused(with_token(ana, unsigned(claims_of(ana), algorithm)))


def test_changed_claims_are_refused(ada: Caller, ana: Caller) -> None:
    header, _, signature = ana.headers["Authorization"].removeprefix("Bearer ").split(".")
    claims = base64.urlsafe_b64encode(json.dumps(claims_of(ana) | {"sub": ada.id}).encode()).decode().rstrip("=")

    assert_refused(with_token(ana, f"{header}.{claims}.{signature}"))


@pytest.mark.parametrize("change", [{"sub": UNKNOWN_ID}, {"sub": "x"}, {"type": "refresh"}, {"sub": None}])
def test_a_token_of_nobody_is_refused(house: House, ana: Caller, change: dict[str, Any]) -> None:
    claims = {name: value for name, value in (claims_of(ana) | change).items() if value is not None}

    assert_refused(with_token(ana, jwt.encode(claims, house.services.token_secrets[0], "HS256")))


def test_a_token_of_a_deleted_user_is_refused(house: House, bruno: Caller) -> None:
    assert bruno.get(PATH).status_code == 200
    house.database["users"].delete_one({"_id": ObjectId(bruno.id)})

    assert_refused(bruno)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Bearer a b", "Basic YTpi", "x" * 5000, "Bearer é"],
)
def test_what_is_no_token_is_refused(anyone: Caller, header: str) -> None:
    assert_refused(replace(anyone, headers={"Authorization": header}))


def test_a_token_counts_in_its_header_only(ana: Caller, anyone: Caller) -> None:
    token = ana.headers["Authorization"].removeprefix("Bearer ")

    assert anyone.get(f"{PATH}?jwt={token}").status_code == 401
    assert anyone.get(PATH, headers={"Cookie": f"access_token_cookie={token}"}).status_code == 401


def test_a_key_is_no_token_and_a_token_no_key(ana: Caller, gateway: Caller) -> None:
    assert_refused(gateway)
    assert_refused(with_token(gateway, gateway.headers["X-API-Key"]))
    assert_error(ana.say("Oi"), 401, "invalid_api_key")


def test_tokens_live_as_long_as_the_settings_say(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, token_hours=2.5) as house,
    ):
        claims = claims_of(house.newcomer("Ana"))

    assert claims["exp"] - claims["iat"] == 2.5 * 3600


def test_the_scheme_has_no_case(ana: Caller) -> None:
    token = ana.headers["Authorization"].removeprefix("Bearer ")

    assert ana.get("/assistants/list", headers={"Authorization": f"bearer {token}"}).status_code == 200


def test_looking_at_a_token_is_one_query(database_uri: str, tmp_path: Path) -> None:
    log = CommandLog()
    client: MongoClient[dict[str, Any]] = MongoClient(database_uri, tz_aware=True, event_listeners=[log])
    name = f"test_{new_id()}"
    with open_house(client[name], tmp_path) as house:
        ana = house.newcomer("Ana")
        log.commands.clear()
        ana.get("/auth/me")
        asked = [command for command in log.commands if command[1] == "users"]

    assert asked == [("find", "users")]
    client.drop_database(name)
    client.close()

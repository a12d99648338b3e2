"""GET /conversations/list and /conversations/get/<id>, asked again and again: what they ask of the database."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.domain.ids import new_id
from app.repositories.mongo import connect
from app.repositories.own_writes import OwnWrites
from tests.api.house import PHONE, House, assert_error, open_house
from tests.api.test_messages_cost import CommandLog

LIST = "/conversations/list"
_POLLS = 20
# What is known is read again every ten seconds all the same, as a command beside the service may write.
_OF_ONE_LOOK = 6


@pytest.fixture(scope="module")
def log() -> CommandLog:
    return CommandLog()


@pytest.fixture(scope="module")
def own_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory, log: CommandLog) -> Iterator[House]:
    """A service that knows all writes to its database."""
    writes = OwnWrites()
    database = connect(database_uri, f"test_{new_id()}", listeners=[log, writes])
    with open_house(database, tmp_path_factory.mktemp("own"), writes=writes) as house:
        house.register("Ada", "ada@example.com")
        yield house
    database.client.drop_database(database.name)
    database.client.close()


def asked(log: CommandLog) -> list[tuple[str, str]]:
    """What was asked of what an inbox shows, and of who may see it."""
    names = ("users", "assistants", "conversations", "chats", "read_marks", "erasures", "labels", "channels")
    return [one for one in log.commands if one[1] in names]


def test_looking_again_costs_no_command_while_nothing_is_written(own_house: House, log: CommandLog) -> None:
    ana = own_house.newcomer("Ana")
    gateway = own_house.gateway(ana.make_assistant()["api_key"])
    gateway.chat("Oi")
    conversation = ana.ids(LIST)[0]
    ana.get(LIST)
    for path in (LIST, f"/conversations/get/{conversation}"):
        first = ana.get(path)
        again = {"If-None-Match": first.headers["ETag"]}
        ana.get(path, headers=again)  # looks for what came after the first
        log.commands.clear()
        for _ in range(_POLLS):
            assert ana.get(path, headers=again).status_code == 304
        assert len(asked(log)) <= _OF_ONE_LOOK, asked(log)

    ana.put(f"/chats/desativar/{PHONE}")
    assert ana.get(path, headers=again).status_code == 200


def test_what_is_new_is_read_once_for_all_who_look(own_house: House, log: CommandLog) -> None:
    ana, bruno = own_house.newcomer("Ana"), own_house.newcomer("Bruno")
    assistant = ana.make_assistant()
    ana.put(f"/assistants/members/{assistant['_id']}", {"email": bruno.email, "role": "operator"})
    own_house.gateway(assistant["api_key"]).chat("Oi")
    conversation = ana.ids(LIST)[0]
    ana.post(f"/conversations/read/{conversation}", {})
    asked_for = {"query_string": {"changed_since": datetime.now(UTC).isoformat()}}

    shown = ana.get(LIST, **asked_for).json or []
    bruno.get(LIST)
    log.commands.clear()
    theirs = bruno.get(LIST, **asked_for).json or []

    assert [one for one in asked(log) if one[1] != "read_marks"] == []
    assert [(one["_id"], one["unread"]) for one in (shown[0], theirs[0])] == [(conversation, 0), (conversation, 1)]


def test_a_token_that_ended_is_refused_at_once(own_house: House) -> None:
    ana, bruno = own_house.newcomer("Ana"), own_house.newcomer("Bruno")
    again = {"If-None-Match": ana.get(LIST).headers["ETag"]}
    assert ana.get(LIST, headers=again).status_code == 304
    assert bruno.get(LIST).status_code == 200

    ana.post("/auth/logout")
    assert_error(ana.get(LIST, headers=again), 401, "unauthorized")
    own_house.sign_in("ada@example.com").put(f"/users/update/{bruno.id}", {"blocked": True})
    assert_error(bruno.get(LIST), 401, "unauthorized")


def test_who_has_lost_a_role_sees_nothing_at_once(own_house: House) -> None:
    ana, bruno = own_house.newcomer("Ana"), own_house.newcomer("Bruno")
    assistant = ana.make_assistant()
    own_house.gateway(assistant["api_key"]).chat("Oi")
    members = f"/assistants/members/{assistant['_id']}"
    ana.put(members, {"email": bruno.email, "role": "viewer"})
    assert bruno.ids(LIST) == ana.ids(LIST) != []

    ana.delete(f"{members}?email={bruno.email}")
    assert bruno.ids(LIST) == []

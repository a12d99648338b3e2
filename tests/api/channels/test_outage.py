"""The database is down, and a provider posts."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo.database import Database

from app.domain.channels import ChannelKind
from app.domain.rows import Row
from app.repositories.mongo import connect
from app.services.channels.provider import Provider
from tests.api.channels.conftest import Line, new_channel
from tests.api.house import House, assert_error, open_house
from tests.fakes.database import scratch_database
from tests.fakes.provider import FakeFields, FakeProvider, message

NOBODY = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=60000"
HANG_SECONDS = 10


@pytest.fixture
def down() -> Iterator[Database[Row]]:
    database = connect(NOBODY, promptly=True)
    yield database
    database.client.close()


@pytest.fixture
def house(database_uri: str, tmp_path: Path, down: Database[Row]) -> Iterator[House]:
    kinds = {ChannelKind.TELEGRAM: Provider(FakeProvider(), FakeFields())}
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, providers=kinds, prompt=down) as house,
    ):
        yield house


def test_a_webhook_is_told_at_once_to_come_again_while_nothing_can_be_stored(house: House) -> None:
    ana = house.newcomer("Ana")
    line = Line(ana, new_channel(ana, ana.make_assistant()["_id"]))
    began = time.monotonic()

    answer = line.post([message(1, "Oi")])

    assert time.monotonic() - began < HANG_SECONDS
    assert_error(answer, 503, "database_unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert line.chats() == []

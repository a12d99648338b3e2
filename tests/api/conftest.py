"""The service over HTTP, in process: real database and files, a model and an embedder that cost nothing.

The cast: `ada` administers, `ana` owns, `bruno` is a stranger.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.house import Caller, House, usual_house


@pytest.fixture(scope="session")
def shared_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with usual_house(database_uri, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    """The service with settings as they come, and a model that has forgotten earlier tests."""
    shared_house.model.answers.clear()
    shared_house.model.questions.clear()
    yield shared_house
    shared_house.clock.offset *= 0


@pytest.fixture
def anyone(house: House) -> Caller:
    """Somebody without any credentials."""
    return house.anyone()


@pytest.fixture
def ada(house: House) -> Caller:
    return house.sign_in("ada@example.com")


@pytest.fixture
def ana(house: House) -> Caller:
    return house.newcomer("Ana")


@pytest.fixture
def bruno(house: House) -> Caller:
    return house.newcomer("Bruno")


@pytest.fixture
def assistant(ana: Caller) -> dict[str, Any]:
    """An assistant of Ana's."""
    return ana.make_assistant()


@pytest.fixture
def gateway(house: House, assistant: dict[str, Any]) -> Caller:
    """A gateway with that assistant's key."""
    return house.gateway(assistant["api_key"])

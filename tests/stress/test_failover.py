"""All that people do, at each command of it, with each failure of the database that passes."""

from collections.abc import Iterator

import pytest

from tests.api.failover import FAULTS, SCENARIOS, Town, town_on_replica_set

pytestmark = [pytest.mark.stress, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_on_replica_set(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_succeeds_or_is_told_so_and_succeeds_then(town: Town, scenario: str, fault: str) -> None:
    for strike in town.strikes(FAULTS[fault](town.members)):
        SCENARIOS[scenario](town, strike)

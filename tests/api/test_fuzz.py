"""A few generated requests to every operation in /openapi.json; `make stress` sends 10,000."""

from pathlib import Path

from tests.api.fuzzing import Fuzzer, fuzzed_house


def test_every_answer_is_described(database_uri: str, tmp_path: Path) -> None:
    with fuzzed_house(database_uri, tmp_path) as house:
        fuzzer = Fuzzer(house)
        fuzzer.send(4)

    assert fuzzer.statuses.total() >= 200
    assert len(fuzzer.succeeded) >= 20

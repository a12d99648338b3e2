"""10,000 generated requests: no error of the server, no status, body or header that is not described."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.fuzzing import Fuzzer, fuzzed_house

pytestmark = [pytest.mark.stress, pytest.mark.timeout(1800)]

REQUESTS = 10_000
EACH = 60


def test_no_answer_surprises(
    database_uri: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with fuzzed_house(database_uri, tmp_path) as house:
        fuzzer, number = Fuzzer(house), 0
        while fuzzer.statuses.total() < REQUESTS:
            number += 1
            fuzzer.send(EACH, number)

    figures = {"requests": fuzzer.statuses.total(), "operations_that_succeeded": len(fuzzer.succeeded)}
    record_property(
        "fuzz", {**figures, "statuses": {str(one): fuzzer.statuses[one] for one in sorted(fuzzer.statuses)}}
    )

"""When a document may be found."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.documents import Visibility

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("visibility", "moment", "found"),
    [
        (Visibility(), NOON, True),
        (Visibility(enabled=False), NOON, False),
        (Visibility(valid_from=NOON), NOON - SECOND, False),
        (Visibility(valid_from=NOON), NOON, True),
        (Visibility(valid_until=NOON), NOON - SECOND, True),
        (Visibility(valid_until=NOON), NOON, False),
        (Visibility(valid_from=NOON, valid_until=NOON + SECOND), NOON, True),
        (Visibility(enabled=False, valid_from=NOON), NOON, False),
    ],
)
def test_a_document_is_found_while_it_is_enabled_and_valid(
    visibility: Visibility, moment: datetime, found: bool
) -> None:
    assert visibility.at(moment) is found

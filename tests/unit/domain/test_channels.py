"""Whether a channel works, as far as has been seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.channels import AssistantChannel, ChannelKind, ChannelState, state_of

NOW = datetime(2026, 11, 30, tzinfo=UTC)
CHANNEL = AssistantChannel("c", "a", "o", ChannelKind.EVOLUTION, "Loja", "w", NOW)


@pytest.mark.parametrize(
    ("proof", "lost", "paused", "state"),
    [
        (None, None, None, ChannelState.WAITING),
        (1, None, None, ChannelState.CONNECTED),
        (25, None, None, ChannelState.SILENT),
        (1, None, "The token was revoked.", ChannelState.PAUSED),
        (None, 1, None, ChannelState.DISCONNECTED),
        (2, 1, None, ChannelState.DISCONNECTED),
        (1, 2, None, ChannelState.CONNECTED),
        (2, 1, "The token was revoked.", ChannelState.PAUSED),
    ],
)
def test_a_state_goes_by_what_was_seen(
    proof: int | None, lost: int | None, paused: str | None, state: ChannelState
) -> None:
    """`proof` and `lost` are hours ago."""
    moments = {
        name: hours and NOW - timedelta(hours=hours) for name, hours in (("proof_at", proof), ("lost_at", lost))
    }

    assert state_of(replace(CHANNEL, paused=paused, **moments), NOW) is state  # type: ignore[arg-type]

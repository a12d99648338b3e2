"""What holds for the messages of an assistant."""

import pytest

from app.domain.assistants import AssistantSettings
from app.services.messages.rules import MessageRules, TimeLimit

RULES = MessageRules(characters=4096, timeout_seconds=30, history_turns=10, burst_quiet_seconds=2)


def test_an_assistant_without_settings_has_those_of_the_service() -> None:
    assert RULES.of(AssistantSettings()) == RULES


def test_an_assistants_own_settings_win_even_if_they_are_nought() -> None:
    own = RULES.of(AssistantSettings(burst_quiet_seconds=0, history_turns=0, auto_reactivate_hours=2))

    assert (own.burst_quiet_seconds, own.history_turns, own.auto_reactivate_hours) == (0, 0, 2)
    assert (own.timeout_seconds, own.burst_max_seconds) == (RULES.timeout_seconds, RULES.burst_max_seconds)


def test_nobody_works_longer_than_gathering_and_answering_take() -> None:
    assert RULES.longest.total_seconds() > RULES.timeout_seconds + RULES.burst_max_seconds


@pytest.mark.parametrize(("seconds", "is_over"), [(60, False), (0, True), (-5, True)])
def test_a_time_limit(seconds: float, is_over: bool) -> None:
    left = TimeLimit(seconds).left()

    assert 0 <= left <= 60
    assert (left == 0) is is_over

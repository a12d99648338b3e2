"""Recordings become text within the assistant's budget, and what that costs is counted."""

import logging
from datetime import timedelta
from pathlib import Path

from app.domain.answers import Answer
from app.domain.assistants import Assistant
from app.domain.errors import BudgetExhaustedError, UnavailableError
from app.domain.ids import new_id
from app.domain.trials import TrialCall
from app.domain.usage_batches import Reservation
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.media import Transcribes
from app.services.ports.usage import Reservations
from app.services.usage.paid_calls import PaidCallCounting

_MARGIN = timedelta(seconds=5)

_log = logging.getLogger(__name__)


class PaidTranscription:
    """Transcribes for an assistant."""

    def __init__(
        self,
        transcriber: Transcribes,
        assistants: Assistants,
        budgets: Reservations,
        counting: PaidCallCounting,
        clock: Clock,
    ) -> None:
        self._transcriber = transcriber
        self._assistants = assistants
        self._budgets = budgets
        self._counting = counting
        self._clock = clock

    def transcribe(self, assistant_id: str, recording: Path, seconds: float) -> str:
        """What is said; "" where nothing is. Raises `ModelError`, and `BudgetExhaustedError` before it is asked."""
        assistant, now = self._assistants.by_id(assistant_id), self._clock()
        call = TrialCall(new_id(), now, now + timedelta(seconds=seconds) + _MARGIN)
        reservation = self._reserved(assistant, call, recording) if assistant is not None else None
        transcript = self._transcriber.transcribe(recording, seconds)
        answer = Answer("", transcript.tokens, transcript.model)
        if reservation is not None:
            self._budgets.settle(reservation, answer)
        try:
            self._counting.count(assistant_id, call, answer, is_trial=False)
        except UnavailableError:  # while usage is rebuilt for long: the customer's words matter more
            _log.warning("assistant %s: a transcription could not be counted", assistant_id)
        return transcript.text

    def _reserved(self, assistant: Assistant, call: TrialCall, recording: Path) -> Reservation | None:
        if assistant.settings.monthly_budget_brl is None:
            return None
        most = self._transcriber.most_tokens(recording)
        try:
            return self._budgets.reserve_tokens(assistant, call, self._transcriber.model, most)
        except BudgetExhaustedError:
            sentence = "The assistant's budget for this month is spent, so that the recording was not transcribed."
            raise BudgetExhaustedError(sentence) from None

"""The test bench: ask, and see what the answer was made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.answers import Question
from app.domain.callers import Caller
from app.domain.permissions import Action
from app.domain.trials import Trial, TrialRequest
from app.services.access import Access
from app.services.settings_rules import SettingsRules
from app.services.trials.asking import TrialAsking

PromptMessages = Callable[[Question], Sequence[tuple[str, str]]]
"""What is sent to a model: messages as role and content; none where no model is asked."""


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """A trial, the prompt that was sent, and which cosines mean that a passage is about the same as a question."""

    trial: Trial
    prompt: Sequence[tuple[str, str]]
    is_near: Callable[[float], bool]


class TestBench:
    """Lets those who may try an assistant out."""

    __test__ = False  # no test of ours, whatever its name

    def __init__(
        self,
        access: Access,
        asking: TrialAsking,
        rules: SettingsRules,
        messages: PromptMessages,
        is_near: Callable[[float], bool],
    ) -> None:
        self._access = access
        self._asking = asking
        self._rules = rules
        self._messages = messages
        self._is_near = is_near

    def ask(self, caller: Caller, assistant_id: str, request: TrialRequest) -> ShownTrial:
        """The answer and what it was made of; see `TrialAsking.ask`.

        Raises `InvalidError` naming a `model` that may not be chosen.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.EVALUATE)
        self._rules.check_model(request.model)
        trial = self._asking.ask(assistant, request)
        sent = self._messages(trial.question) if trial.answer.model is not None else ()
        return ShownTrial(trial, sent, self._is_near)

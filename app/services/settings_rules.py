"""Which settings an assistant may have."""

from app.domain.assistants import AssistantSettings, WhenUnavailable
from app.domain.errors import InvalidError
from app.services.budgets import AnswerCosts


class SettingsRules:
    """Checks the settings of assistants; `models` are those an assistant may choose."""

    def __init__(self, models: frozenset[str], costs: AnswerCosts) -> None:
        self._models = models
        self._costs = costs

    def check(self, settings: AssistantSettings, before: AssistantSettings | None = None) -> None:
        """Raise `InvalidError` where the settings cannot be, or do not go together.

        What was so `before` may stay so, whatever the service's settings have become.
        """
        if settings.when_unavailable is WhenUnavailable.MESSAGE and settings.unavailable_message is None:
            problem = {"unavailable_message": ["There has to be one while when_unavailable is message."]}
            raise InvalidError("The message for when no model answers is missing.", problem)
        before = before or AssistantSettings()
        if settings.model != before.model:
            self.check_model(settings.model)
        if (settings.model, settings.monthly_budget_brl) != (before.model, before.monthly_budget_brl):
            self._check_budget(settings)

    def check_model(self, model: str | None) -> None:
        """Raise `InvalidError` for a model that may not be chosen; None is the service's own."""
        if model is None or model in self._models:
            return
        allowed = ", ".join(sorted(self._models)) or "none, as the service has no language model"
        raise InvalidError("This model may not be chosen.", {"model": [f"These are allowed: {allowed}."]})

    def _check_budget(self, settings: AssistantSettings) -> None:
        if settings.monthly_budget_brl is None:
            return
        unpriced = self._costs.unpriced(settings.model)
        if unpriced:
            problem = f"There is no price for {', '.join(unpriced)}: an administrator sets it (PUT /prices)."
            raise InvalidError(
                "A budget needs the price of every model that may answer.", {"monthly_budget_brl": [problem]}
            )

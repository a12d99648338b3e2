"""The settings an assistant has of its own, as they are sent and shown."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from app.domain.assistants import WhenExhausted, WhenUnavailable
from app.routes.schemas.common import NotBlank, RequestModel, Storable


def one_word(text: str) -> str:
    """A text without blanks or anything that cannot be seen; raises `ValueError`."""
    if " " in text or not text.isprintable():
        raise ValueError("must not contain blanks, line breaks or other characters that cannot be seen")
    return text


def _more_than_nothing(amount: Decimal) -> Decimal:
    if amount <= 0:
        raise ValueError("must be more than 0; null means that there is no limit")
    return amount


_Sentence = Annotated[str, StringConstraints(min_length=1, max_length=4096), NotBlank, Storable]
_ModelName = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(one_word)]

BurstQuietSeconds = Annotated[
    float | None,
    Field(
        ge=0,
        le=30,
        description="A customer's messages that come within so many seconds of each other are answered as one; "
        "0: each by itself; null: BURST_QUIET_SECONDS",
    ),
]
AutoReactivateHours = Annotated[
    float | None,
    Field(
        ge=0,
        le=8760,
        description="A conversation in which no person has written for so many hours is the assistant's again with "
        "the next message; 0: never; null: AUTO_REACTIVATE_HOURS",
    ),
]
WhenBudgetIsSpent = Annotated[WhenExhausted, Field(strict=False)]
WhenNoModelAnswers = Annotated[WhenUnavailable, Field(strict=False)]
UnavailableMessage = Annotated[
    _Sentence | None,
    Field(description="What the customer gets when no model answers, with when_unavailable: message"),
]
HandoverMessage = Annotated[
    _Sentence | None,
    Field(description="What the customer gets when the conversation goes to a person; null: a text of the service"),
]
MediaMessage = Annotated[
    _Sentence | None,
    Field(
        description="What the customer gets when a file, or what else came by a channel, is for a person to see; "
        "null: a text of the service"
    ),
]
ModelName = Annotated[
    _ModelName | None,
    Field(
        description="The model that answers; takes effect where the service has a language model (LLM_MODEL), "
        "which is what null means",
        examples=["gpt-5-mini"],
    ),
]
Temperature = Annotated[
    float | None,
    Field(
        ge=0,
        le=2,
        description="How freely answers are worded; takes effect where the service has a language model "
        "(LLM_MODEL); null: LLM_TEMPERATURE",
    ),
]
_Budget = Annotated[
    Decimal,
    Field(strict=False, le=100_000_000, decimal_places=2, allow_inf_nan=False),
    AfterValidator(_more_than_nothing),
]
MonthlyBudget = Annotated[
    _Budget | None,
    Field(
        description="What models may cost this assistant in a month, in reais; every model that may answer needs a "
        "price; null: no limit. Owners only",
        examples=["150.00"],
    ),
]
HistoryTurns = Annotated[
    int | None,
    Field(ge=0, le=100, description="How many earlier turns of a conversation the model sees; null: HISTORY_TURNS"),
]
RetentionDays = Annotated[
    int | None,
    Field(
        ge=1,
        le=3650,
        description="Conversations whose last message is older than so many days are erased; null: never. "
        "Owners only",
    ),
]

WHEN_UNAVAILABLE = (
    "What the customer gets when no model answers: an error for the gateway (error), a quotation of the documents "
    "(extractive), or unavailable_message (message)"
)


WHEN_EXHAUSTED = (
    "What the customer gets when the month's budget is spent: handover_message and a person (message), a quotation "
    "of the documents (extractive), or an error for the gateway (error). Owners only"
)


class AssistantSettingsIn(RequestModel):
    """Any part of the settings; null is the service's default."""

    burst_quiet_seconds: BurstQuietSeconds = None
    auto_reactivate_hours: AutoReactivateHours = None
    when_unavailable: WhenNoModelAnswers | None = Field(None, description=f"{WHEN_UNAVAILABLE}; null: error")
    unavailable_message: UnavailableMessage = None
    handover_message: HandoverMessage = None
    media_message: MediaMessage = None
    model: ModelName = None
    temperature: Temperature = None
    history_turns: HistoryTurns = None
    monthly_budget_brl: MonthlyBudget = None
    retention_days: RetentionDays = None
    when_exhausted: WhenBudgetIsSpent | None = Field(None, description=f"{WHEN_EXHAUSTED}; null: message")

    def sent_settings(self) -> dict[str, Any]:
        """The settings that were sent, by their names in `AssistantSettings`."""
        sent = self.model_dump(include=set(AssistantSettingsIn.model_fields), exclude_unset=True)
        if "when_unavailable" in sent:
            sent["when_unavailable"] = self.when_unavailable or WhenUnavailable.ERROR
        if "when_exhausted" in sent:
            sent["when_exhausted"] = self.when_exhausted or WhenExhausted.MESSAGE
        return sent

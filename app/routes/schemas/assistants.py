"""Assistants."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from app.domain.assistants import Assistant, AssistantSettings, WhenExhausted, WhenUnavailable
from app.domain.permissions import Role
from app.routes.schemas.assistant_settings import (
    WHEN_EXHAUSTED,
    WHEN_UNAVAILABLE,
    AssistantSettingsIn,
    AutoReactivateHours,
    BurstQuietSeconds,
    HandoverMessage,
    HistoryTurns,
    MediaMessage,
    ModelName,
    MonthlyBudget,
    RetentionDays,
    Temperature,
    UnavailableMessage,
)
from app.routes.schemas.common import AnswerModel, Id, Moment, Name, Storable, Text, check_unchanged
from app.services.assistants import AssistantChange

_Company = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    Storable,
    AfterValidator(lambda text: text or None),
]
Company = Annotated[
    _Company | None,
    Field(
        description="Whose assistant it is, for people to read; null: not said", examples=["Padaria São José Ltda."]
    ),
]


class AssistantIn(AssistantSettingsIn):
    """A new assistant; `owner_id` is the caller's where it is absent."""

    name: Name
    owner_id: Text | None = None
    company: Company = None

    def to_settings(self) -> AssistantSettings:
        """Its settings, with the defaults where none were sent."""
        return AssistantSettings(**self.sent_settings())


class AssistantUpdateIn(AssistantSettingsIn):
    """The assistant as `get` gave it, or a part of it."""

    name: Name | None = None
    owner_id: Text | None = None
    company: Company = None
    underscore_id: Any = Field(None, alias="_id")
    id: Any = None
    role: Any = None
    api_key: Any = None
    created_at: Any = Field(None, alias="createdAt")

    def check_unchanged(self, current: "AssistantOut") -> None:
        """Raise `InvalidError` `read_only` where a field that cannot change was sent with another value."""
        check_unchanged(self, current, _READ_ONLY)

    def to_change(self) -> AssistantChange:
        """What the service is to change."""
        details: dict[str, Any] = {"name": self.name} if self.name is not None else {}
        if "company" in self.model_fields_set:
            details["company"] = self.company
        return AssistantChange(details, self.owner_id, self.sent_settings())


class AssistantOut(AnswerModel):
    """An assistant."""

    underscore_id: Id = Field(alias="_id")
    id: Id
    name: str
    company: Company
    owner_id: Id
    role: Role | None = Field(description="Your role at it; null for a key")
    api_key: str | None = Field(description="What a gateway sends as `X-API-Key`; null unless you are an owner")
    created_at: Moment = Field(alias="createdAt")
    burst_quiet_seconds: BurstQuietSeconds
    auto_reactivate_hours: AutoReactivateHours
    when_unavailable: WhenUnavailable = Field(description=WHEN_UNAVAILABLE)
    unavailable_message: UnavailableMessage
    handover_message: HandoverMessage
    media_message: MediaMessage
    model: ModelName
    temperature: Temperature
    history_turns: HistoryTurns
    retention_days: RetentionDays
    monthly_budget_brl: MonthlyBudget
    when_exhausted: WhenExhausted = Field(description=WHEN_EXHAUSTED)

    @classmethod
    def of(cls, assistant: Assistant, role: Role | None) -> "AssistantOut":
        return cls(
            underscore_id=assistant.id,
            id=assistant.id,
            name=assistant.name,
            company=assistant.company,
            owner_id=assistant.owner_id,
            role=role,
            api_key=(assistant.api_key or None) if role is Role.OWNER else None,
            created_at=assistant.created_at,
            **asdict(assistant.settings),
        )


_READ_ONLY = {"underscore_id", "id", "role", "api_key", "created_at"}

"""Assistants: what a company connects to a WhatsApp number."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.permissions import Role
from app.domain.webhooks import EventType, Webhook


class WhenExhausted(StrEnum):
    """What a customer gets when the month's budget is spent: a person, a quotation of the documents, nothing."""

    MESSAGE = "message"
    EXTRACTIVE = "extractive"
    ERROR = "error"


class WhenUnavailable(StrEnum):
    """What a customer gets when no model answers: nothing, a quotation of the documents, a fixed sentence."""

    ERROR = "error"
    EXTRACTIVE = "extractive"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class AssistantSettings:
    """How one assistant behaves; None means: as the service's settings say.

    `burst_quiet_seconds` 0 to 30 (0: each message by itself), `auto_reactivate_hours` from 0 on (0: never),
    `temperature` 0 to 2, `history_turns` 0 to 100. `unavailable_message` is sent with `MESSAGE`,
    `handover_message` when the conversation goes to a person, `media_message` when a person has to see what came.
    `monthly_budget_brl`: what models may cost in a month (None: no limit). `retention_days` 1 to 3650:
    conversations whose last message is older are erased (None: none).
    """

    burst_quiet_seconds: float | None = None
    auto_reactivate_hours: float | None = None
    when_unavailable: WhenUnavailable = WhenUnavailable.ERROR
    unavailable_message: str | None = None
    handover_message: str | None = None
    model: str | None = None
    temperature: float | None = None
    history_turns: int | None = None
    monthly_budget_brl: Decimal | None = None
    when_exhausted: WhenExhausted = WhenExhausted.MESSAGE
    retention_days: int | None = None
    media_message: str | None = None


# Invited people count, too.
MOST_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A person who has a role at an assistant without being its owner by `owner_id`."""

    user_id: str
    role: Role


@dataclass(frozen=True, slots=True)
class Assistant:
    """An assistant, with the parts of its configuration every message needs.

    `company` is whose assistant it is, for people to read.
    `prompt` is the text of its prompt document (None: the default prompt).
    `knowledge_version` grows with every change of its searchable documents.
    `webhooks` are told what happens.
    `members`: who else may use it, as far as the assistant was read for people.
    """

    id: str
    name: str
    owner_id: str
    api_key: str
    created_at: datetime
    prompt: str | None = None
    knowledge_version: int = 0
    settings: AssistantSettings = AssistantSettings()
    company: str | None = None
    webhooks: tuple[Webhook, ...] = ()
    members: tuple[Member, ...] = ()

    def announces(self, *event_types: EventType) -> bool:
        """Whether one of its webhooks wants events of one of these types."""
        return any(webhook.wants(one) for webhook in self.webhooks for one in event_types)

"""How an assistant is stored."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from app.domain.assistants import Assistant, AssistantSettings, Member, WhenExhausted, WhenUnavailable
from app.domain.permissions import Role
from app.domain.rows import Row
from app.repositories.webhook_rows import webhooks_of

ACTIVE = "active"
# A projection with `$elemMatch` shows no field that is not named.
WITHOUT_LISTS = dict.fromkeys(
    (
        *("name", "company", "owner_id", "key_encrypted", "createdAt"),
        *("prompt", "knowledge_version", "settings"),
    ),
    1,
)


class Vault(Protocol):
    """What turns a key into what may be in the database."""

    def hash(self, key: str) -> str: ...
    def encrypt(self, key: str) -> bytes: ...
    def decrypt(self, stored: bytes) -> str: ...


def assistant_of(row: Row, api_key: str) -> Assistant:
    """The assistant of a row, or of a part of it."""
    return Assistant(
        id=str(row["_id"]),
        name=row["name"],
        company=row.get("company"),
        owner_id=str(row["owner_id"]),
        api_key=api_key,
        created_at=row["createdAt"],
        prompt=row["prompt"],
        knowledge_version=row["knowledge_version"],
        settings=_settings(row.get("settings", {})),
        webhooks=webhooks_of(row),
        members=tuple(Member(str(one["user_id"]), Role(one["role"])) for one in row.get("members", ())),
    )


def settings_row(settings: Mapping[str, Any]) -> Row:
    """Settings as they are stored: decimals as text."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in settings.items()}


def _settings(stored: Row) -> AssistantSettings:
    """Assistants from before there were settings have none; they read as the defaults."""
    budget = stored.get("monthly_budget_brl")
    typed: dict[str, Any] = {
        "when_unavailable": WhenUnavailable(stored.get("when_unavailable", WhenUnavailable.ERROR)),
        "when_exhausted": WhenExhausted(stored.get("when_exhausted", WhenExhausted.MESSAGE)),
        "monthly_budget_brl": None if budget is None else Decimal(budget),
    }
    return AssistantSettings(**{**stored, **typed})

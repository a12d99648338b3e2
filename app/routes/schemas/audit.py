"""The audit."""

from typing import Any

from pydantic import Field

from app.domain.audit import ActorKind, AuditAction, AuditEntry, AuditFilter, AuditOutcome
from app.routes.schemas.common import AnswerModel, Id, Moment, PageQuery


class AuditQuery(PageQuery):
    """Which entries to list."""

    assistant_id: str | None = Field(None, description="Absent: all assistants of which you are an owner")
    user_id: str | None = Field(None, description="Who did it, or whose account somebody failed to sign in to")
    action: AuditAction | None = None

    def to_filter(self) -> AuditFilter:
        """What the service is asked for."""
        return AuditFilter(assistant_id=self.assistant_id, user_id=self.user_id, action=self.action)


class ActorOut(AnswerModel):
    """Who did it, as they were called at the time."""

    kind: ActorKind
    id: Id | None = Field(description="A user's or a key's")
    name: str | None
    email: str | None


class TargetOut(AnswerModel):
    """What was changed, as it was called at the time; never a contact."""

    kind: str = Field(examples=["key"])
    id: str | None
    name: str | None


class AuditOut(AnswerModel):
    """An entry of the audit."""

    id: Id = Field(alias="_id")
    at: Moment
    action: AuditAction
    outcome: AuditOutcome = Field(description="`begun`: whether it was done is not known; `refused`: it was not")
    code: str | None = Field(description="Why it was refused")
    actor: ActorOut
    address: str | None = Field(description="From where; null: the service did it by itself")
    request_id: str | None
    assistant_id: Id | None
    target: TargetOut | None
    before: dict[str, Any] | None = Field(description="The fields that changed, as they were")
    after: dict[str, Any] | None = Field(description="The fields that changed, as they are")
    count: int = Field(description="Failed sign-ins to an account from an address within an hour are one entry")
    last_at: Moment | None = Field(description="When the last of them failed")

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditOut":
        actor, target = entry.actor, entry.target
        return cls(
            id=entry.id,
            at=entry.at,
            action=entry.action,
            outcome=entry.outcome,
            code=entry.code,
            actor=ActorOut(kind=actor.kind, id=actor.id, name=actor.name, email=actor.email),
            address=entry.origin.address,
            request_id=entry.origin.request_id,
            assistant_id=entry.place.assistant_id if entry.place else None,
            target=TargetOut(kind=target.kind, id=target.id, name=target.name) if target else None,
            before=dict(entry.before) if entry.before is not None else None,
            after=dict(entry.after) if entry.after is not None else None,
            count=entry.count,
            last_at=entry.last_at,
        )

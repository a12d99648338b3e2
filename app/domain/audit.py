"""The audit: who changed what, when and from where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.assistants import Assistant


class AuditAction(StrEnum):
    """What is written down; the names are stable."""

    REGISTER = "auth.register"
    LOGIN = "auth.login"
    LOGIN_FAILED = "auth.login_failed"
    LOGOUT = "auth.logout"
    CHANGE_PASSWORD = "auth.change_password"  # noqa: S105 - the name of an action
    RESET_PASSWORD = "auth.reset_password"  # noqa: S105
    USER_UPDATE = "user.update"
    USER_DELETE = "user.delete"
    USER_RESET_LINK = "user.reset_link"
    ASSISTANT_ADD = "assistant.add"
    ASSISTANT_UPDATE = "assistant.update"
    ASSISTANT_DELETE = "assistant.delete"
    KEY_CREATE = "key.create"
    KEY_ROTATE = "key.rotate"
    KEY_DELETE = "key.delete"
    MEMBER_ADD = "member.add"
    MEMBER_UPDATE = "member.update"
    MEMBER_INVITE = "member.invite"
    MEMBER_REMOVE = "member.remove"
    WEBHOOK_ADD = "webhook.add"
    WEBHOOK_DELETE = "webhook.delete"
    PROMPT_UPDATE = "prompt.update"
    CORRECTION_ADD = "correction.add"
    CASE_ADD = "evaluation_case.add"
    CASE_UPDATE = "evaluation_case.update"
    CASE_DELETE = "evaluation_case.delete"
    CASES_IMPORT = "evaluation_case.import"
    EVALUATION_RUN = "evaluation.run"
    EVALUATION_CANCEL = "evaluation.cancel"
    EVALUATION_DELETE = "evaluation.delete"
    EVALUATION_PUBLISH = "evaluation.publish"
    UNANSWERED_DONE = "unanswered.done"
    UNANSWERED_REOPEN = "unanswered.reopen"
    DOCUMENT_ADD = "document.add"
    DOCUMENT_UPDATE = "document.update"
    DOCUMENT_CANCEL = "document.cancel"
    DOCUMENT_RETRY = "document.retry"
    DOCUMENT_DELETE = "document.delete"
    LABEL_ADD = "label.add"
    LABEL_UPDATE = "label.update"
    LABEL_DELETE = "label.delete"
    REPLY_ADD = "canned_reply.add"
    REPLY_UPDATE = "canned_reply.update"
    REPLY_DELETE = "canned_reply.delete"
    TAKE_OVER = "conversation.take_over"
    GIVE_BACK = "conversation.give_back"
    CONTACT_MERGED = "contact.merged"
    CHANNEL_ADD = "channel.add"
    CHANNEL_UPDATE = "channel.update"
    CHANNEL_DELETE = "channel.delete"
    CONVERSATION_EXPORT = "conversation.export"
    CONVERSATION_ERASE = "conversation.erase"
    PRICES_UPDATE = "prices.update"
    SERVICE_EXPORT = "service.export"


class AuditOutcome(StrEnum):
    """What became of it.

    `BEGUN`: nobody knows, as the process or the database stopped before that was written. `REFUSED`: nothing was
    changed.
    """

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"


class ActorKind(StrEnum):
    """Who acts: a person, a program with a key, the service itself, or somebody who could not say who they are."""

    USER = "user"
    KEY = "key"
    SERVICE = "service"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as they were called at the time; `id` is a user's or a key's."""

    kind: ActorKind
    id: str | None = None
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, and its id; nothing for what the service does by itself."""

    address: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What was changed, as it was called at the time. A contact is never named."""

    kind: str
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The assistant an entry belongs to, and its owner."""

    assistant_id: str
    owner_id: str

    @classmethod
    def of(cls, assistant: Assistant) -> "Place":
        """The place of what happens to an assistant."""
        return cls(assistant.id, assistant.owner_id)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry; `before` and `after` hold the fields that changed, without secrets and customers' texts.

    `user_id` is who did it, or whose account somebody failed to sign in to. `code`: why it was refused. `count`
    and `last_at`: how often the same failed within its hour, and when last.
    """

    id: str
    at: datetime
    action: AuditAction
    outcome: AuditOutcome
    actor: Actor
    origin: Origin
    place: Place | None = None
    target: Target | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    user_id: str | None = None
    code: str | None = None
    count: int = 1
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to list; None does not filter, an assistant wins over an owner."""

    owner_id: str | None = None
    assistant_id: str | None = None
    user_id: str | None = None
    action: AuditAction | None = None
    hidden_assistants: Sequence[str] = ()
    shared_assistants: Sequence[str] = ()

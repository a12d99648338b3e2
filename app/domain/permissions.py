"""Who may do what at an assistant: the one table of roles, scopes and actions."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a person is at an assistant; each role may also do what those before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    EDITOR = "editor"
    OWNER = "owner"


class Scope(StrEnum):
    """What a key is good for."""

    MESSAGES = "messages"
    HUMAN = "human"
    DOCUMENTS = "documents"
    READ = "read"


class Action(StrEnum):
    """What can be done with an assistant, and with what belongs to it."""

    ANSWER = "answer"
    READ = "read"
    READ_DOCUMENTS = "read_documents"
    READ_USAGE = "read_usage"
    OPERATE = "operate"
    CORRECT = "correct"
    WRITE_DOCUMENTS = "write_documents"
    CONFIGURE = "configure"
    SEARCH = "search"
    EVALUATE = "evaluate"
    OVERRULE_EVALUATION = "overrule_evaluation"
    SET_BUDGET = "set_budget"
    MANAGE_KEYS = "manage_keys"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_CHANNELS = "manage_channels"
    READ_AUDIT = "read_audit"
    EXPORT = "export"
    DELETE_CONVERSATION = "delete_conversation"
    DELETE_ASSISTANT = "delete_assistant"


class _Needs(NamedTuple):
    """The lowest role an action needs (None: no role is enough), and the scopes any one of which is enough."""

    role: Role | None
    scopes: frozenset[Scope] = frozenset()


_TABLE = {
    Action.ANSWER: _Needs(None, frozenset({Scope.MESSAGES})),
    Action.READ: _Needs(Role.VIEWER, frozenset({Scope.READ})),
    Action.READ_DOCUMENTS: _Needs(Role.VIEWER, frozenset({Scope.READ, Scope.DOCUMENTS})),
    Action.READ_USAGE: _Needs(Role.VIEWER, frozenset({Scope.READ})),
    Action.OPERATE: _Needs(Role.OPERATOR, frozenset({Scope.HUMAN})),
    Action.CORRECT: _Needs(Role.OPERATOR),
    Action.WRITE_DOCUMENTS: _Needs(Role.EDITOR, frozenset({Scope.DOCUMENTS})),
    Action.CONFIGURE: _Needs(Role.EDITOR),
    Action.SEARCH: _Needs(Role.EDITOR, frozenset({Scope.READ, Scope.DOCUMENTS})),
    Action.EVALUATE: _Needs(Role.EDITOR),
    Action.OVERRULE_EVALUATION: _Needs(Role.OWNER),
    Action.SET_BUDGET: _Needs(Role.OWNER),
    Action.MANAGE_KEYS: _Needs(Role.OWNER),
    Action.MANAGE_MEMBERS: _Needs(Role.OWNER),
    Action.MANAGE_WEBHOOKS: _Needs(Role.OWNER),
    Action.MANAGE_CHANNELS: _Needs(Role.OWNER),
    Action.READ_AUDIT: _Needs(Role.OWNER),
    Action.EXPORT: _Needs(Role.OWNER),
    Action.DELETE_CONVERSATION: _Needs(Role.OWNER),
    Action.DELETE_ASSISTANT: _Needs(Role.OWNER),
}
_RANKS = {role: rank for rank, role in enumerate(Role)}


def role_allows(role: Role, action: Action) -> bool:
    """Whether people of this role may do it."""
    lowest = _TABLE[action].role
    return lowest is not None and _RANKS[role] >= _RANKS[lowest]


def scopes_allow(scopes: Collection[Scope], action: Action) -> bool:
    """Whether a key with these scopes may do it."""
    return not _TABLE[action].scopes.isdisjoint(scopes)


def roles_for(action: Action) -> tuple[Role, ...]:
    """The roles that may do it, the lowest first."""
    return tuple(role for role in Role if role_allows(role, action))

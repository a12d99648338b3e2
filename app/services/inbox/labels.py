"""Labels of an assistant, and on its conversations."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.conversations import Conversation
from app.domain.errors import ConflictError, InvalidError, NotFoundError
from app.domain.ids import is_id, new_id
from app.domain.labels import MOST_LABELS, Label
from app.domain.permissions import Action
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.conversation_views import ConversationService
from app.services.ports import Clock
from app.services.ports.inbox import LabelRows


class LabelService:
    """Makes labels, and puts them on conversations."""

    def __init__(
        self,
        access: Access,
        conversations: ConversationService,
        labels: LabelRows,
        clock: Clock,
        audit: AuditLog,
    ) -> None:
        self._access = access
        self._conversations = conversations
        self._labels = labels
        self._clock = clock
        self._audit = audit

    def all(self, caller: Caller, assistant_id: str) -> list[Label]:
        """The labels of an assistant, by name; raises `NotFoundError`, `ForbiddenError`."""
        return self._labels.of_assistant(self._access.assistant(caller, assistant_id, Action.READ).id)

    def add(self, caller: Caller, assistant_id: str, name: str, color: str) -> Label:
        """A new label.

        Raises `NotFoundError`, `ForbiddenError`, `ConflictError` (`label_exists`, `too_many_labels`).
        """
        assistant = self._access.assistant(caller, assistant_id, Action.OPERATE)
        if len(self._labels.of_assistant(assistant.id)) >= MOST_LABELS:
            sentence = f"An assistant has {MOST_LABELS} labels at most; delete one first."
            raise ConflictError(sentence, code="too_many_labels")
        label = Label(new_id(), assistant.id, name, color, self._clock())
        after = {"name": name, "color": color}
        with self._audit.change(caller, AuditAction.LABEL_ADD, _target(label), Place.of(assistant), after=after):
            if not self._labels.add(label):
                raise _exists()
        return label

    def change(
        self, caller: Caller, assistant_id: str, label_id: str, name: str | None, color: str | None
    ) -> Label:
        """Give a label another name or color; raises what `add` raises."""
        assistant, label = self._find(caller, assistant_id, label_id)
        changed = replace(label, name=name or label.name, color=color or label.color)
        before, after = ({"name": one.name, "color": one.color} for one in (label, changed))
        place = Place.of(assistant)
        with self._audit.change(
            caller, AuditAction.LABEL_UPDATE, _target(label), place, before=before, after=after
        ):
            if not self._labels.change(changed):
                raise _exists()
        return changed

    def delete(self, caller: Caller, assistant_id: str, label_id: str) -> None:
        """Delete a label, also where a conversation has it; raises `NotFoundError`, `ForbiddenError`."""
        assistant, label = self._find(caller, assistant_id, label_id)
        with self._audit.change(caller, AuditAction.LABEL_DELETE, _target(label), Place.of(assistant)):
            if not self._labels.delete(label.id):
                raise NotFoundError("label")

    def put(self, caller: Caller, conversation_id: str, label_ids: Sequence[str]) -> Conversation:
        """Give a conversation these labels, in the place of those it had.

        Raises `NotFoundError`, `ForbiddenError`, and `InvalidError` for what is no label of its assistant.
        """
        conversation = self._conversations.get(caller, conversation_id, Action.OPERATE)
        chosen = tuple(dict.fromkeys(label_ids))
        known = {label.id for label in self._labels.of_assistant(conversation.assistant_id)} if chosen else set()
        if not known.issuperset(chosen):
            problem = "Are not all labels of this conversation's assistant."
            raise InvalidError("Some of the labels do not exist.", {"label_ids": [problem]})
        self._labels.put(conversation.id, chosen)
        return self._conversations.get(caller, conversation_id, Action.OPERATE)

    def assistant_of(self, caller: Caller, label_id: str) -> str:
        """The assistant whose label this is, for a filter; raises `InvalidError`, `ForbiddenError`."""
        label = self._labels.by_id(label_id) if is_id(label_id) else None
        try:
            if label is None:
                raise NotFoundError("label")
            return self._access.assistant(caller, label.assistant_id, Action.READ, "label").id
        except NotFoundError as error:
            raise InvalidError("A filter cannot be used.", {"label_id": [error.message]}) from None

    def _find(self, caller: Caller, assistant_id: str, label_id: str) -> tuple[Assistant, Label]:
        assistant = self._access.assistant(caller, assistant_id, Action.OPERATE)
        label = self._labels.by_id(label_id) if is_id(label_id) else None
        if label is None or label.assistant_id != assistant.id:
            raise NotFoundError("label")
        return assistant, label


def _target(label: Label) -> Target:
    return Target("label", label.id, label.name)


def _exists() -> ConflictError:
    return ConflictError("This assistant has a label of this name.", code="label_exists")

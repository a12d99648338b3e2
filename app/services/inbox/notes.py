"""Private notes at conversations."""

from app.domain.callers import Caller
from app.domain.errors import ConflictError, ForbiddenError, NotFoundError
from app.domain.ids import is_id, new_id
from app.domain.notes import MOST_NOTES, Note
from app.domain.permissions import Action
from app.domain.users import User
from app.services.access import Access
from app.services.conversation_views import ConversationService
from app.services.ports import Clock
from app.services.ports.inbox import NoteRows


class NoteService:
    """What operators write to each other about a contact; nothing of it reaches the contact or a model."""

    def __init__(self, access: Access, conversations: ConversationService, notes: NoteRows, clock: Clock) -> None:
        self._access = access
        self._conversations = conversations
        self._notes = notes
        self._clock = clock

    def page(self, caller: Caller, conversation_id: str, before: str | None, limit: int) -> list[Note]:
        """The notes of a conversation, newest first; raises `NotFoundError`, `ForbiddenError`."""
        conversation = self._conversations.get(caller, conversation_id)
        return self._notes.page(conversation.id, before, limit)

    def add(self, caller: Caller, conversation_id: str, text: str) -> Note:
        """A new note; raises `NotFoundError`, `ForbiddenError`, `ConflictError` `too_many_notes`."""
        conversation = self._conversations.get(caller, conversation_id, Action.OPERATE)
        if self._notes.count(conversation.id, MOST_NOTES) >= MOST_NOTES:
            sentence = f"A conversation has {MOST_NOTES} notes at most; delete one first."
            raise ConflictError(sentence, code="too_many_notes")
        note = Note(
            id=new_id(),
            assistant_id=conversation.assistant_id,
            conversation_id=conversation.id,
            author_id=caller.id,
            author_name=caller.name,
            text=text,
            created_at=self._clock(),
        )
        self._notes.add(note)
        return note

    def delete(self, user: User, conversation_id: str, note_id: str) -> None:
        """Delete a note of one's own, or as an editor anybody's.

        Raises `NotFoundError`, `ForbiddenError`.
        """
        conversation = self._conversations.get(user, conversation_id, Action.OPERATE)
        note = self._notes.by_id(note_id) if is_id(note_id) else None
        if note is None or note.conversation_id != conversation.id:
            raise NotFoundError("note")
        if note.author_id != user.id:
            self._check_editor(user, note)
        if not self._notes.delete(note.id):
            raise NotFoundError("note")

    def _check_editor(self, user: User, note: Note) -> None:
        try:
            self._access.assistant(user, note.assistant_id, Action.CONFIGURE)
        except ForbiddenError as error:
            sentence = "Only who wrote a note, or an editor, may delete it."
            raise ForbiddenError(sentence, code=error.code) from None

"""All that is held of a contact: handed out as one file, or deleted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.chats import Chat, ChatFilter
from app.domain.contacts import Contact, addresses_of, alias_of_key
from app.domain.conversations import Channel, Conversation, conversation_id_of
from app.domain.erasures import Receipt
from app.domain.notes import MOST_NOTES, Note
from app.domain.permissions import Action
from app.services.audit import AuditLog
from app.services.conversation_views import ConversationService
from app.services.erasure import Erasure
from app.services.ports.contacts import ContactsOfConversations
from app.services.ports.conversations import Chats
from app.services.ports.inbox import NoteRows

_CHATS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ContactRecords:
    """What is held of a contact; the chats are read as they are handed out."""

    conversation: Conversation
    contacts: Sequence[Contact]
    notes: Sequence[Note]
    chats: Iterator[Chat]


class ConversationDeletion:
    """Deletes conversations when somebody asks for it."""

    def __init__(
        self,
        conversations: ConversationService,
        erasure: Erasure,
        contacts: ContactsOfConversations,
    ) -> None:
        self._conversations = conversations
        self._erasure = erasure
        self._contacts = contacts

    def delete(self, caller: Caller, conversation_id: str) -> Receipt:
        """Everything of this contact in this assistant, for good once this returns.

        Who turned out to be the same contact goes with it, with the conversations they had.

        Raises `NotFoundError`, `ForbiddenError`.
        """
        found = self._conversations.get(caller, conversation_id, Action.DELETE_CONVERSATION)
        contacts = self._contacts.of_conversation(found.id)
        others = dict.fromkeys((*_conversation_ids(found, contacts), *_other_names(found, contacts)))
        return self._erasure.erase(found, caller, also=[one for one in others if one != found.id])


class ConversationExport:
    """Hands out everything that is held of a contact."""

    def __init__(
        self,
        conversations: ConversationService,
        chats: Chats,
        notes: NoteRows,
        contacts: ContactsOfConversations,
        audit: AuditLog,
    ) -> None:
        self._conversations = conversations
        self._chats = chats
        self._notes = notes
        self._contacts = contacts
        self._audit = audit

    def export(self, caller: Caller, conversation_id: str) -> ContactRecords:
        """Everything held of this contact in this assistant; notes and chats newest first.

        Who came by a channel has a row for each contact that turned out to be the same one, and what is handed out
        is of all conversations that these had.

        Raises `NotFoundError`, `ForbiddenError`.
        """
        conversation = self._conversations.get(caller, conversation_id, Action.EXPORT)
        place = Place(conversation.assistant_id, conversation.owner_id)
        # The chat's id tells nothing of the contact, as the conversation's does to who tries all phone numbers.
        self._audit.record(
            caller, AuditAction.CONVERSATION_EXPORT, Target("chat", conversation.latest_chat_id), place
        )
        contacts = self._contacts.of_conversation(conversation.id)
        ids = _conversation_ids(conversation, contacts)
        notes = [note for one in ids for note in self._notes.page(one, None, MOST_NOTES)]
        notes.sort(key=lambda note: note.id, reverse=True)
        return ContactRecords(conversation, contacts, notes, self._all_turns(ids))

    def _all_turns(self, conversation_ids: Sequence[str]) -> Iterator[Chat]:
        before: str | None = None
        of_it = ChatFilter(conversation_ids=conversation_ids)
        while chats := self._chats.page(of_it, before, _CHATS_AT_ONCE):
            yield from chats
            before = chats[-1].id


def _conversation_ids(conversation: Conversation, contacts: Sequence[Contact]) -> list[str]:
    """All conversations of a contact, the given one first."""
    return list(dict.fromkeys((conversation.id, *(one.conversation_id for one in contacts))))


def _other_names(conversation: Conversation, contacts: Sequence[Contact]) -> Iterator[str]:
    """What the conversation would be if it began anew by another alias of the contact."""
    for key in (key for contact in contacts for key in contact.keys):
        for address in addresses_of(alias_of_key(key)[0]):
            channel = Channel(address, conversation.channel.message_service)
            yield conversation_id_of(conversation.assistant_id, channel)

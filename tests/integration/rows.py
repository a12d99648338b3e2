"""Rows for tests of repositories."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from pymongo.database import Database

from app.domain.assistants import Assistant
from app.domain.chats import Chat
from app.domain.conversations import Channel, Conversation
from app.domain.documents import Chunk, Document, DocumentType
from app.domain.ids import new_id
from app.domain.rows import Row
from app.domain.users import User
from app.repositories.chunks import ChunkRepository
from app.repositories.conversation_rows import name_row, switch_row
from app.repositories.shared_rows import channel_row
from app.wiring.repositories import Repositories
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """A database with its collections, and the clock of those who lease."""

    database: Database[Row]
    rows: Repositories
    clock: FakeClock

    def now(self) -> Any:
        """The time as the database keeps it: in milliseconds."""
        moment = self.clock()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def user(self, **values: Any) -> User:
        user = User(new_id(), "Ana", f"{new_id()}@example.com", "$2b$", False, self.now())
        return replace(user, **values)

    def assistant(self, **values: Any) -> Assistant:
        """A stored assistant."""
        assistant = replace(Assistant(new_id(), "Loja", new_id(), new_id(), self.now()), **values)
        self.rows.assistants.add(assistant)
        return assistant

    def document(self, **values: Any) -> Document:
        """A stored document."""
        document = a_document(**{"created_at": self.now(), "updated_at": self.now(), **values})
        assert self.rows.documents.add(document)
        return document

    def conversation(self, **values: Any) -> Conversation:
        """A conversation that is not stored yet."""
        channel = Channel(new_id(), "Whatsapp")
        new = Conversation(new_id(), new_id(), new_id(), channel, "Maria", True, 0, self.now(), new_id())
        return replace(new, **values)

    def store(self, conversation: Conversation) -> Conversation:
        """Store a conversation; its chats need not be stored."""
        row = {
            "_id": ObjectId(conversation.id),
            "assistant_id": ObjectId(conversation.assistant_id),
            "owner_id": ObjectId(conversation.owner_id),
            "channel": channel_row(conversation.channel),
            "createdAt": conversation.created_at,
            "latest_chat_id": ObjectId(conversation.latest_chat_id),
            "epoch": conversation.epoch,
            **name_row(conversation.username, conversation.channel),
            **switch_row(conversation),
        }
        self.database["conversations"].insert_one(row)
        return conversation

    def opened(self, chat: Chat) -> Conversation:
        """The conversation of a stored chat, once the chat belongs to it."""
        self.rows.conversation_queue.append(chat)
        found = self.rows.conversations.by_id(chat.conversation_id)
        assert found is not None
        return found

    def chat(self, conversation: Conversation, **values: Any) -> Chat:
        """A stored chat of a conversation."""
        chat = Chat(
            id=new_id(),
            assistant_id=conversation.assistant_id,
            owner_id=conversation.owner_id,
            conversation_id=conversation.id,
            channel=conversation.channel,
            username=conversation.username,
            active=conversation.active,
            message="Oi",
            created_at=self.now(),
        )
        chat = replace(chat, **values)
        self.rows.messages.add(chat)
        return chat


def a_document(**values: Any) -> Document:
    """A document that is not stored yet."""
    document = Document(
        id=new_id(),
        assistant_id=new_id(),
        owner_id=new_id(),
        type=DocumentType.RAG,
        filename=f"{new_id()}.md",
        filepath="documents/x/knowledge/x.md",
        size=3,
        sha256="00",
        revision=new_id(),
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(document, **values)


def chunk_of(document: Document, number: int = 0, **values: Any) -> Chunk:
    """A chunk of a document; the same one for the same number and model."""
    model, digest = values.get("model", "fake"), str(number)
    chunk = Chunk(
        id=ChunkRepository.id_of(document.id, model, digest),
        assistant_id=document.assistant_id,
        document_id=document.id,
        heading="Entrega",
        text=f"Texto {number}.",
        digest=digest,
        model=model,
        embedding=bytes(8),
    )
    return replace(chunk, **values)

"""Conversations: opened by the first message, switched between the assistant and a person."""

from app.domain.conversations import Chat, Conversation
from app.domain.ids import made_at
from app.services.ports import Chats, Conversations


class ConversationKeeper:
    """Keeps a conversation and what its chats repeat of it in step."""

    def __init__(self, conversations: Conversations, chats: Chats) -> None:
        self._conversations = conversations
        self._chats = chats

    def open(self, chat: Chat) -> Conversation:
        """The conversation of a chat that was just stored, made if this is its first one.

        Read after the chat was stored: who switches the conversation from now on finds the chat.
        """
        found = self._conversations.by_id(chat.conversation_id)
        if found is None:
            return self._begin(chat)
        if chat.username and chat.username != found.username:
            self._conversations.rename_customer(found.id, chat.username)
        return found

    def switch(self, conversation: Conversation, *, active: bool) -> None:
        """Say who answers from now on; when this returns, no answer begun before will be committed."""
        self._conversations.switch(conversation.id, active=active)
        self._settle(conversation.id)

    def sweep(self) -> None:
        """Finish switches that a crash cut off."""
        for conversation in self._conversations.unsettled():
            self._settle(conversation.id)

    def _settle(self, conversation_id: str) -> None:
        """Tell the chats; again, if somebody switched meanwhile, so that the last switch wins."""
        settled = False
        while not settled:
            conversation = self._conversations.by_id(conversation_id)
            if conversation is None:
                return
            self._chats.mark(conversation)
            settled = self._conversations.settled(conversation)

    def _begin(self, chat: Chat) -> Conversation:
        new = Conversation(
            id=chat.conversation_id,
            assistant_id=chat.assistant_id,
            owner_id=chat.owner_id,
            channel=chat.channel,
            username=chat.username,
            active=True,
            epoch=0,
            created_at=made_at(chat.id),
        )
        return new if self._conversations.add(new) else self.open(chat)

"""Conversations: opened by the first message, switched between the assistant and a person."""

from app.domain.assistants import Assistant
from app.domain.conversations import Channel, Conversation
from app.domain.ids import new_id
from app.services.ports import Chats, Clock, Conversations


class ConversationKeeper:
    """Keeps a conversation and what its chats repeat of it in step."""

    def __init__(self, conversations: Conversations, chats: Chats, clock: Clock) -> None:
        self._conversations = conversations
        self._chats = chats
        self._clock = clock

    def open(self, assistant: Assistant, channel: Channel, username: str | None) -> Conversation:
        """The conversation of an assistant with a channel, made if this is its first message."""
        found = self._conversations.between(assistant.id, channel)
        if found is None:
            new = Conversation(
                new_id(), assistant.id, assistant.owner_id, channel, username, True, 0, self._clock()
            )
            return new if self._conversations.add(new) else self.open(assistant, channel, username)
        if username and username != found.username:
            self._conversations.rename_customer(found.id, username)
        return found

    def after_adding_chat(self, conversation: Conversation) -> Conversation | None:
        """The conversation as it is now (None: deleted); a switch that just missed the new chat is made up for."""
        now = self._conversations.by_id(conversation.id)
        if now is not None and now.epoch != conversation.epoch:
            self._settle(now.id)
        return now

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

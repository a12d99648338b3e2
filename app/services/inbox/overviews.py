"""What is looked up for the conversations of a list, a few queries for all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from app.domain.callers import Caller
from app.domain.conversations import Conversation
from app.domain.overviews import Overview
from app.domain.users import User
from app.services.ports.inbox import AssistantNames, ChannelNames, LatestChats, ReadMarks

_MOST_COUNTED = 1000


class Overviews:
    """Shows conversations as operators need them, and remembers how far each has read."""

    def __init__(
        self, assistants: AssistantNames, channels: ChannelNames, chats: LatestChats, marks: ReadMarks
    ) -> None:
        self._assistants = assistants
        self._channels = channels
        self._chats = chats
        self._marks = marks

    def of(self, caller: Caller, conversations: Sequence[Conversation]) -> list[Overview]:
        """The same conversations, in the same order."""
        return self.read_by(caller, self.shown(conversations))

    def shown(self, conversations: Sequence[Conversation]) -> list[Overview]:
        """The same conversations as all see them."""
        if not conversations:
            return []
        names = self._assistants.names({one.assistant_id for one in conversations})
        latest = self._chats.last_messages([one.latest_chat_id for one in conversations])
        ids = {one.reply_to.channel_id for one in conversations if one.reply_to}
        channels = self._channels.names(ids) if ids else {}
        shown = []
        for one in conversations:
            last = latest.get(one.latest_chat_id)
            channel = channels.get(one.reply_to.channel_id) if one.reply_to else None
            shown.append(Overview(one, names.get(one.assistant_id, ""), last, channel))
        return shown

    def read_by(self, caller: Caller, shown: Sequence[Overview]) -> list[Overview]:
        """The same with what the caller has not read of each."""
        if not shown or not isinstance(caller, User):
            return list(shown)
        read = self._marks.received(caller.id, [one.conversation.id for one in shown])
        return [
            replace(one, unread=max(0, one.conversation.received - read.get(one.conversation.id, 0)))
            for one in shown
        ]

    def unread(self, user_id: str, received: Mapping[str, int]) -> Collection[str]:
        """Those of the conversations, given with how many messages each has received, that a user has not read."""
        read = self._marks.received(user_id, list(received))
        return {one for one, count in received.items() if count > read.get(one, 0)}

    def mark_read(self, user: User, conversation: Conversation, chat_id: str | None) -> None:
        """A user has read a conversation, as far as this chat (None: all that was received by now)."""
        later = self._chats.count_received(conversation.id, chat_id, _MOST_COUNTED) if chat_id else 0
        self._marks.mark(user.id, conversation, max(0, conversation.received - later))

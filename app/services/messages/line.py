"""The line of a conversation: its messages are answered one after another, in the order of their ids."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

from app.domain.chats import Chat
from app.domain.errors import ConversationDeletedError, ModelTimeoutError
from app.domain.ids import first_id_at, made_at, new_id
from app.services.messages.rules import MessageRules, TimeLimit
from app.services.messages.settlements import Settlements
from app.services.ports import Clock
from app.services.ports.conversations import Chats, Messages


@dataclass(frozen=True, slots=True)
class Place:
    """A message's place in line, with what was written before it, oldest first, from the moment `seen_from` on."""

    chat: Chat
    before: tuple[Chat, ...]
    seen_from: datetime


class Line:
    """Lamport's bakery (Comm. ACM 17(8), 1974), with ids as tickets and the database as the shop.

    Who has stored a message looks once whether one with a greater id is there: that one may not have seen this
    message, so this one takes a new id behind it. From then on everybody waits for what is before them.
    Nothing is locked that a dead process could leave locked: a message not settled in its time counts as settled.
    """

    def __init__(
        self, messages: Messages, chats: Chats, settlements: Settlements, clock: Clock, rules: MessageRules
    ) -> None:
        self._messages = messages
        self._chats = chats
        self._settlements = settlements
        self._clock = clock
        self._longest = rules.longest
        self._guard = threading.Lock()
        self._doors: WeakValueDictionary[str, _Door] = WeakValueDictionary()

    def join(self, conversation_id: str, make: Callable[[], Chat]) -> Place | None:
        """Store the message that `make` returns, at the end of the line; None if one of its keys is taken."""
        # Only who comes from another process at the same moment can have a greater id.
        with self._alone(conversation_id):
            chat = make()
            while self._stored(chat):
                with self._settlements.ended_by_errors(chat.id):
                    place, newest = self._look(chat)
                    # What cannot be removed was merged meanwhile, by somebody who has seen it.
                    if newest is None or not self._messages.remove(chat):
                        return place
                self._settlements.end(chat.id)
                chat = replace(chat, id=new_id(after=newest))
            return None

    def wait(self, place: Place, limit: TimeLimit) -> Place:
        """The place when everything before it is settled.

        Raises `ModelTimeoutError` when that takes too long, `ConversationDeletedError` when it is gone by then.
        """
        looks, first = self._settlements.looks(limit), None
        while ahead := [one for one in place.before if not one.is_settled(self._clock())]:
            if ahead[0].id != first:  # the line moves: look more often again
                looks, first = self._settlements.looks(limit), ahead[0].id
            pause = next(looks, None)
            if pause is None:
                raise ModelTimeoutError("The messages before this one were not answered in time.", retry_after=1)
            self._settlements.wait(ahead[-1].id, pause, limit)
            place = self.look_again(place)
        return place

    def look_again(self, place: Place) -> Place:
        """The place as it is now; raises `ConversationDeletedError` when it is gone."""
        return self._look(place.chat)[0]

    def _stored(self, chat: Chat) -> bool:
        self._settlements.begin(chat.id)
        with self._settlements.ended_by_errors(chat.id):
            stored = self._messages.add(chat)
        if not stored:
            self._settlements.end(chat.id)
        return stored

    def _look(self, chat: Chat) -> tuple[Place, str | None]:
        """The place of a stored message, and the greatest id behind it that may be of somebody in line."""
        seen_from = made_at(chat.id) - self._longest
        lately = self._chats.since(chat.conversation_id, first_id_at(seen_from))
        own = next((one for one in lately if one.id == chat.id), None)
        if own is None:
            raise ConversationDeletedError
        before = tuple(one for one in lately if one.id < chat.id)
        behind = [one.id for one in lately if one.id > chat.id and not one.by_person]
        return Place(replace(chat, epoch=own.epoch), before, seen_from), max(behind, default=None)

    @contextmanager
    def _alone(self, conversation_id: str) -> Iterator[None]:
        """Among the threads of this process."""
        with self._guard:
            door = self._doors.setdefault(conversation_id, _Door())
        with door.lock:
            yield


class _Door:
    """A lock that can be referred to weakly: it lasts as long as somebody holds or awaits it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

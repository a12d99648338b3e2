"""What a visitor's page asks for; what the visitor writes goes to the channel's webhook, as from a provider."""

from datetime import timedelta

from app.domain.channels import MESSAGE_SERVICES, Alias, AliasKind, AssistantChannel, ChannelKind, DeliveryState
from app.domain.contacts import address_of
from app.domain.conversations import Channel, conversation_id_of
from app.domain.errors import ForbiddenError, InvalidError, NotFoundError, UnauthorizedError
from app.domain.ids import new_id
from app.domain.visitors import UNUSED_SESSION_LASTS, VisitorMessage, VisitorSession
from app.domain.web_origins import origins_in
from app.security.one_time_tokens import new_token, token_hash
from app.services.channels.webhook_receiver import WebhookReceiver
from app.services.ports import Clock
from app.services.ports.channels import ChannelRows
from app.services.ports.visitors import VisitorPosts, VisitorSessions

_LONGEST_KEY = 64
_PAGE_EVERY = timedelta(minutes=5)


class VisitorService:
    """The server side of the widget. A visitor reads and writes in the conversation of their own session only."""

    def __init__(
        self,
        channels: ChannelRows,
        sessions: VisitorSessions,
        posts: VisitorPosts,
        receiver: WebhookReceiver,
        *,
        clock: Clock,
        longest_message: int,
    ) -> None:
        self._channels = channels
        self._sessions = sessions
        self._posts = posts
        self._receiver = receiver
        self._clock = clock
        self.longest_message = longest_message

    def channel(self, public_key: str, origin: str) -> AssistantChannel:
        """The widget with this key, for a page of this origin.

        Raises `NotFoundError`, and `ForbiddenError` `origin_not_allowed` unless exactly this origin is listed.
        """
        channel = self._channels.by_webhook(public_key) if len(public_key) <= _LONGEST_KEY else None
        if channel is None or channel.kind is not ChannelKind.WEB or not channel.secrets:
            raise NotFoundError("widget")
        if origin not in origins_in(channel.options.get("origins", "")):
            sentence = "Pages of this origin may not use the widget; its owner can list the origin in `origins`."
            raise ForbiddenError(sentence, code="origin_not_allowed")
        return channel

    def loaded(self, channel: AssistantChannel) -> None:
        """A page shows the widget; once in five minutes is enough to know."""
        now = self._clock()
        if channel.page_at is None or now - channel.page_at > _PAGE_EVERY:
            self._channels.note(channel.id, page_at=now)

    def open(self, channel: AssistantChannel) -> tuple[VisitorSession, str]:
        """A new session and its token, of which only the hash is kept."""
        session_id, token = new_id(), new_token()
        address = address_of((Alias(AliasKind.SESSION, session_id),))
        conversation = Channel(address, MESSAGE_SERVICES[channel.kind])
        session = VisitorSession(
            id=session_id,
            channel_id=channel.id,
            assistant_id=channel.assistant_id,
            conversation_id=conversation_id_of(channel.assistant_id, conversation),
            expires_at=self._clock() + UNUSED_SESSION_LASTS,
        )
        self._sessions.add(session, token_hash(token))
        return session, token

    def session(self, channel: AssistantChannel, token: str) -> VisitorSession:
        """The session with this token; raises `UnauthorizedError` `session_expired` where this widget has none."""
        session = self._sessions.by_token(token_hash(token)) if token else None
        if session is None or session.channel_id != channel.id or session.expires_at <= self._clock():
            raise UnauthorizedError("The session is unknown or has ended; open a new one.", code="session_expired")
        return session

    def write(self, channel: AssistantChannel, session: VisitorSession, message_id: str, text: str) -> None:
        """Take in what a visitor wrote; a message with an id that came before is not taken in again.

        Raises `InvalidError` for a text that is too long, `UnauthorizedError` for a session that was just erased.
        """
        if len(text) > self.longest_message:
            problem = f"Must have at most {self.longest_message} characters."
            raise InvalidError("The message is too long.", {"text": [problem]})
        now = self._clock()
        post = self._posts.message(channel, session.id, message_id, text, now)
        self._receiver.receive(channel.webhook_id, post)
        if not self._sessions.wrote(session.id, message_id, text, now):
            raise UnauthorizedError("The session has ended; open a new one.", code="session_expired")

    def messages(self, session: VisitorSession, after: int) -> list[VisitorMessage]:
        """The session's messages with numbers above `after`, oldest first; of old ones the latest 100 are kept."""
        if after >= session.last:
            return []
        return [one for one in self._sessions.messages(session.id) if one.number > after]

    def is_typing(self, session: VisitorSession) -> bool:
        """Whether an answer is being written."""
        return session.typing_until is not None and session.typing_until > self._clock()

    def seen(
        self, channel: AssistantChannel, session: VisitorSession, delivered: int, read: int
    ) -> tuple[int, int]:
        """The page has all messages up to `delivered`, and has shown all up to `read`: statuses of their parts.

        Returns what is known now; it never goes back.
        """
        read = max(session.read, min(read, session.last))
        delivered = max(session.delivered, read, min(delivered, session.last))
        if (delivered, read) != (session.delivered, session.read):
            states = [
                (one.id, DeliveryState.READ if one.number <= read else DeliveryState.DELIVERED)
                for one in self._sessions.messages(session.id)
                if not one.by_visitor
                and (session.read < one.number <= read or session.delivered < one.number <= delivered)
            ]
            if states:
                self._receiver.receive(channel.webhook_id, self._posts.seen(channel, states))
            self._sessions.seen(session.id, delivered, read)
        return delivered, read

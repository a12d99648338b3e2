"""Approved templates, which people send to customers who wrote too long ago for anything else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.callers import Caller
from app.domain.channels import AssistantChannel, ChannelKind, ProviderError
from app.domain.conversations import Conversation
from app.domain.errors import ConflictError, InvalidError, NotFoundError
from app.domain.ids import is_id, new_id
from app.domain.message_templates import ChosenTemplate, MessageTemplate
from app.domain.outbox import OutboxPart
from app.domain.permissions import Action
from app.domain.users import User
from app.services.access import Access
from app.services.channels.provider import Provider, refusal
from app.services.human_messages import HumanMessage, HumanMessages
from app.services.messages.message import Reply
from app.services.ports import Clock
from app.services.ports.channels import ChannelRows, OutboxRows
from app.services.ports.webhooks import ConversationsById


@dataclass(frozen=True, slots=True)
class WantedTemplate:
    """What is to be sent; a `message_id` is sent once."""

    chosen: ChosenTemplate
    message_id: str | None = None


class TemplateMessages:
    """Lists templates and sends them. `wake` is called when there is something to send."""

    def __init__(
        self,
        access: Access,
        channels: ChannelRows,
        outbox: OutboxRows,
        conversations: ConversationsById,
        human: HumanMessages,
        *,
        providers: Mapping[ChannelKind, Provider],
        clock: Clock,
        wake: Callable[[str, str], None],
    ) -> None:
        self._access = access
        self._channels = channels
        self._outbox = outbox
        self._conversations = conversations
        self._human = human
        self._providers = providers
        self._clock = clock
        self._wake = wake

    def of_channel(self, caller: Caller, channel_id: str) -> Sequence[MessageTemplate]:
        """What may be sent by a channel, as its provider says now.

        Raises `NotFoundError`, `ForbiddenError`, and `ConflictError` `no_templates` for a kind without templates,
        and as `refusal` says.
        """
        channel = self._channels.by_id(channel_id) if is_id(channel_id) else None
        if channel is None:
            raise NotFoundError("channel")
        self._access.assistant(caller, channel.assistant_id, Action.OPERATE, "channel")
        return self._templates(channel)

    def send(self, caller: Caller, conversation_id: str, wanted: WantedTemplate) -> Reply:
        """Send a template to who wrote by a channel; the assistant is silent from then on.

        Raises as `of_channel` does, `ConflictError` `no_channel`, and `InvalidError` for a template that there is
        not, or the wrong number of values.
        """
        conversation = self._found(conversation_id)
        assistant = self._access.assistant(caller, conversation.assistant_id, Action.OPERATE, "conversation")
        reply_to = conversation.reply_to
        channel = self._channels.by_id(reply_to.channel_id) if reply_to else None
        if reply_to is None or channel is None:
            raise ConflictError("The customer did not write by a channel that is there.", code="no_channel")
        text = _text_of(wanted.chosen, self._templates(channel))
        author = caller.name if isinstance(caller, User) else None
        message = HumanMessage(conversation.channel, text, author, wanted.message_id, channel_id=channel.id)
        reply = self._human.record(caller, assistant, message)
        now = self._clock()
        part = OutboxPart(
            id=new_id(),
            channel_id=channel.id,
            assistant_id=assistant.id,
            conversation_id=conversation.id,
            chat_id=reply.chat.id,
            number=0,
            recipient=reply_to.contact,
            text=text,
            created_at=now,
            next_at=now,
            template=wanted.chosen,
        )
        self._outbox.add([part])
        self._wake(channel.id, conversation.id)
        return reply

    def _found(self, conversation_id: str) -> Conversation:
        ids = [conversation_id] if is_id(conversation_id) else []
        conversation = self._conversations.by_ids(ids).get(conversation_id)
        if conversation is None:
            raise NotFoundError("conversation")
        return conversation

    def _templates(self, channel: AssistantChannel) -> Sequence[MessageTemplate]:
        templates = self._providers[channel.kind].templates
        if templates is None:
            raise ConflictError("A channel of this kind has no templates, and needs none.", code="no_templates")
        try:
            return templates.approved(channel)
        except ProviderError as error:
            raise refusal(error) from None


def _text_of(chosen: ChosenTemplate, templates: Sequence[MessageTemplate]) -> str:
    found = [one for one in templates if (one.name, one.language) == (chosen.name, chosen.language)]
    if not found:
        problem = "There is no approved template of this name and language."
        raise InvalidError("The template cannot be sent.", {"name": [problem]})
    if len(chosen.values) != found[0].variables:
        problem = f"The template takes {found[0].variables}."
        raise InvalidError("The template cannot be sent.", {"values": [problem]})
    return found[0].filled(chosen.values)

"""Composes what channels need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.channels.web.posts import WidgetPosts
from app.domain.channels import ChannelKind
from app.domain.inbox import InboxItem
from app.domain.outbox import OutboxPart
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.channels.accounts import ProviderAccounts
from app.services.channels.announcements import ChannelAnnouncements
from app.services.channels.answering import ChannelAnswering
from app.services.channels.automatic_messages import AutomaticMessages
from app.services.channels.backfill import Backfill
from app.services.channels.channel_proofs import ChannelProofs
from app.services.channels.contact_items import ContactItems
from app.services.channels.contact_worker import ContactWorker
from app.services.channels.deleted_outboxes import DeletedOutboxes
from app.services.channels.delivery_notes import DeliveryNotes
from app.services.channels.echoes import Echoes
from app.services.channels.edits import Edits
from app.services.channels.event_parser import EventHandlers, EventParser
from app.services.channels.event_worker import EventWorker
from app.services.channels.identity import Identity
from app.services.channels.media_intake import MediaIntake
from app.services.channels.merged_conversations import MergedConversations
from app.services.channels.outbox_service import OutboxService
from app.services.channels.part_sender import PartSender
from app.services.channels.provider import Provider
from app.services.channels.replies import ChannelReplies
from app.services.channels.service import ChannelService
from app.services.channels.statuses import Statuses
from app.services.channels.template_messages import TemplateMessages
from app.services.channels.typing_signs import TypingSigns
from app.services.channels.visitors import VisitorService
from app.services.channels.webhook_receiver import WebhookReceiver
from app.services.channels.work_threads import WorkThreads
from app.services.compute_limit import ComputeLimit
from app.services.conversations import ConversationSwitch
from app.services.human_messages import HumanMessages
from app.services.messages import MessageService
from app.services.periodic_tasks import PeriodicTasks
from app.services.ports import Clock
from app.services.ports.channels import OwnAddress
from app.services.webhooks.events import WebhookEvents
from app.wiring.repositories import Repositories

_AT_ONCE = 200
_BACKFILL_SECONDS = 300
_TYPING_SECONDS = 0.5


@dataclass(frozen=True)
class ChannelServices:
    """What owners set up and see, what takes in what providers post, and the threads that work on it."""

    service: ChannelService
    outbox: OutboxService
    replies: ChannelReplies
    templates: TemplateMessages
    accounts: ProviderAccounts
    receiver: WebhookReceiver
    visitors: VisitorService
    parsing: EventWorker
    answering: WorkThreads
    sending: WorkThreads
    typing: PeriodicTasks
    backfill: PeriodicTasks
    deleted: DeletedOutboxes
    rows: Repositories
    clock: Clock

    def start(self) -> None:
        """Begin with what is in the inbox and the outbox."""
        for threads in (self.parsing, self.answering, self.sending, self.typing, self.backfill):
            threads.start()

    def stop(self) -> None:
        """Begin nothing more."""
        for threads in (self.backfill, self.typing, self.parsing, self.answering, self.sending):
            threads.stop()

    def sweep(self) -> None:
        """Forget what was kept long enough, and let nothing wait for a channel that is deleted."""
        now = self.clock()
        self.deleted.sweep()
        self.rows.channel_events.forget(now)
        self.rows.inbox.forget(now)
        self.rows.outbox.forget(now)
        self.rows.visitor_sessions.forget(now)


def compose_channels(
    rows: Repositories,
    providers: Mapping[ChannelKind, Provider],
    access: Access,
    messages: MessageService,
    human_messages: HumanMessages,
    *,
    switch: ConversationSwitch,
    media: MediaIntake,
    has_room: Callable[[str], bool],
    longest_message: int,
    own_address: OwnAddress,
    limit: ComputeLimit,
    events: WebhookEvents,
    audit: AuditLog,
    on_attempt: Callable[[str, str], None],
    clock: Clock,
) -> ChannelServices:
    """The services for channels."""
    adapters = {kind: provider.adapter for kind, provider in providers.items()}
    announcements = ChannelAnnouncements(rows.assistants, events, clock)
    notes = DeliveryNotes(rows.outbox, rows.messages)
    sender = PartSender(
        rows.outbox,
        rows.channels,
        rows.conversations,
        providers,
        notes,
        clock=clock,
        on_pause=announcements.disconnected,
        on_attempt=on_attempt,
    )
    sending = WorkThreads("outbox", lambda moment: rows.outbox.waiting(moment, _AT_ONCE), sender.send_all, clock)
    answering = ChannelAnswering(
        messages,
        rows.outbox,
        rows.messages,
        rows.conversations,
        media,
        adapters=adapters,
        goes_well=sending.goes_well,
        longest_message=longest_message,
        clock=clock,
    )

    def send_answer(channel_id: str, conversation_id: str, part: OutboxPart | None) -> None:
        sending.follow(channel_id, conversation_id, sender.send_answer(channel_id, conversation_id, part))

    typing = TypingSigns(providers)
    worker = ContactWorker(
        rows.inbox,
        rows.inbox_turns,
        rows.channels,
        rows.assistants,
        answering,
        typing=typing,
        clock=clock,
        limit=limit,
        send_on=send_answer,
    )
    answering_threads = WorkThreads(
        "inbox", lambda moment: rows.inbox.waiting(moment, _AT_ONCE), worker.work, clock
    )

    def hand_over(item: InboxItem) -> None:
        seconds = max(0.0, (item.next_at - clock()).total_seconds())
        answering_threads.hand_over(item.channel_id, item.conversation_id, seconds)

    merged = MergedConversations(rows.contacts, rows.assistants, rows.conversations, switch)
    handlers = EventHandlers(
        rows.inbox,
        ContactItems(Identity(rows.contacts, audit, clock, merged.carry_over), merged),
        Echoes(
            rows.inbox,
            rows.outbox,
            human_messages,
            rows.assistants,
            automatic=AutomaticMessages(rows.inbox, rows.channels),
            conversations=rows.conversations,
            notes=notes,
            clock=clock,
        ),
        Statuses(rows.outbox, rows.channels, notes, announcements, clock, go_on=sending.hand_over),
        Edits(rows.inbox, rows.messages),
        hand_over=hand_over,
    )
    backfill = Backfill(rows.channels, providers, handlers, rows.erasures, clock)
    proofs = ChannelProofs(rows.channels, announcements, backfill.soon)
    parser = EventParser(rows.channels, adapters, rows.channel_events, handlers, proofs=proofs, clock=clock)
    parsing = EventWorker(rows.channel_events, parser, clock)
    deleted = DeletedOutboxes(rows.channels, rows.outbox, sending.wake, clock)
    receiver = WebhookReceiver(rows.channels, adapters, rows.channel_events, parsing, clock)
    return ChannelServices(
        service=ChannelService(
            access,
            rows.channels,
            providers,
            clock,
            own_address=own_address,
            announcements=announcements,
            audit=audit,
            wake=sending.wake,
            deleted=deleted.settle,
            has_room=has_room,
        ),
        outbox=OutboxService(
            access,
            rows.channels,
            rows.outbox,
            rows.conversations,
            notes,
            clock=clock,
            send_on=sending.hand_over,
        ),
        accounts=ProviderAccounts(access, providers, clock),
        templates=TemplateMessages(
            access,
            rows.channels,
            rows.outbox,
            rows.conversations,
            human_messages,
            providers=providers,
            clock=clock,
            wake=sending.hand_over,
        ),
        replies=ChannelReplies(rows.conversations, rows.channels, answering, sending.hand_over),
        receiver=receiver,
        visitors=VisitorService(
            rows.channels,
            rows.visitor_sessions,
            WidgetPosts(),
            receiver,
            clock=clock,
            longest_message=longest_message,
        ),
        parsing=parsing,
        answering=answering_threads,
        sending=sending,
        typing=PeriodicTasks((typing.send_due,), _TYPING_SECONDS),
        backfill=PeriodicTasks((backfill.sweep,), _BACKFILL_SECONDS),
        deleted=deleted,
        rows=rows,
        clock=clock,
    )

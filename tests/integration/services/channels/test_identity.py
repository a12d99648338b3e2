"""Whom events are about."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from app.domain.audit import AuditAction, AuditFilter, AuditOutcome
from app.domain.channels import Alias, AliasKind, AssistantChannel, ChannelEvent, ChannelKind, EventKind
from app.domain.contacts import Contact, alias_of_key
from app.domain.conversations import Channel, conversation_id_of
from app.domain.ids import new_id
from app.services.channels.identity import Identity
from app.wiring.audit import audit_log
from app.wiring.repositories import Repositories
from tests.integration.rows import NOW, World

WITH = Alias(AliasKind.PHONE, "5513988593464")
WITHOUT = Alias(AliasKind.PHONE, "551388593464")
LANDLINE = Alias(AliasKind.PHONE, "551332345678")
LID = Alias(AliasKind.LID, "99887766")
USER_ID = Alias(AliasKind.USER_ID, "BR.abc123")
TELEGRAM = Alias(AliasKind.TELEGRAM, "123")


@pytest.fixture
def identity(world: World, rows: Repositories) -> Identity:
    return Identity(rows.contacts, audit_log(rows, world.clock), world.clock)


@pytest.fixture
def channel() -> AssistantChannel:
    return a_channel()


def a_channel(kind: ChannelKind = ChannelKind.EVOLUTION, assistant_id: str | None = None) -> AssistantChannel:
    return AssistantChannel(new_id(), assistant_id or new_id(), new_id(), kind, "Canal", new_id(), NOW)


def event(*aliases: Alias, name: str | None = "Maria", kind: EventKind = EventKind.MESSAGE) -> ChannelEvent:
    return ChannelEvent(kind, new_id(), contact=aliases[0].value if aliases else "", aliases=aliases, name=name)


def rows_of(world: World, channel: AssistantChannel) -> list[Contact]:
    """All rows of contacts of a channel's assistant, oldest first."""
    wanted = world.database["contacts"].find({"assistant_id": {"$exists": True}}, {"assistant_id": 1})
    ids = sorted(str(row["_id"]) for row in wanted if str(row["assistant_id"]) == channel.assistant_id)
    return [found for one in ids if (found := world.rows.contacts.by_id(one))]


def merges(
    rows: Repositories, channel: AssistantChannel, outcome: AuditOutcome = AuditOutcome.DONE
) -> list[tuple[str, str]]:
    """The merges in the audit, as who was merged into whom."""
    wanted = AuditFilter(assistant_id=channel.assistant_id, action=AuditAction.CONTACT_MERGED)
    found = [one for one in rows.audit.page(wanted, None, 100) if one.outcome is outcome]
    return [(str(one.target and one.target.id), str((one.after or {})["merged_into"])) for one in found]


def at_once(calls: Sequence[Callable[[], Contact]]) -> list[Contact]:
    """What the calls return, each of them in a thread of its own, all begun together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Contact]) -> Contact:
        barrier.wait(60)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_who_is_new_becomes_a_contact(world: World, identity: Identity, channel: AssistantChannel) -> None:
    contact = identity.contact_of(channel, event(WITH))

    assert (contact.name, contact.address, contact.keys) == ("Maria", "+5513988593464", ("phone:5513988593464",))
    assert (contact.assistant_id, contact.owner_id) == (channel.assistant_id, channel.owner_id)
    conversation = Channel("+5513988593464", "Whatsapp")
    assert contact.conversation_id == conversation_id_of(channel.assistant_id, conversation)
    assert [replace(one, created_at=contact.created_at) for one in rows_of(world, channel)] == [contact]


@pytest.mark.parametrize(("first", "then"), [(WITH, WITHOUT), (WITHOUT, WITH)])
def test_the_ninth_digit_makes_no_other_contact(
    world: World, identity: Identity, channel: AssistantChannel, first: Alias, then: Alias
) -> None:
    contact = identity.contact_of(channel, event(first))

    assert identity.contact_of(channel, event(then)).id == contact.id
    assert contact.address == f"+{first.value}"
    assert identity.contact_of(channel, event(then)).address == f"+{first.value}"
    assert len(rows_of(world, channel)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("551332345678", "5513932345678"), ("5411988593464", "541188593464"), ("14155550123", "914155550123")],
)
def test_landlines_and_other_countries_are_as_they_are(
    identity: Identity, channel: AssistantChannel, one: str, other: str
) -> None:
    contacts = [identity.contact_of(channel, event(Alias(AliasKind.PHONE, phone))) for phone in (one, other)]

    assert contacts[0].id != contacts[1].id


def test_a_phone_is_the_same_in_all_channels_of_an_assistant(identity: Identity, channel: AssistantChannel) -> None:
    cloud = a_channel(ChannelKind.WHATSAPP_CLOUD, channel.assistant_id)

    contact = identity.contact_of(channel, event(WITH))

    assert identity.contact_of(cloud, event(WITHOUT)).id == contact.id
    assert identity.contact_of(a_channel(), event(WITH)).id != contact.id


@pytest.mark.parametrize("alias", [LID, USER_ID, TELEGRAM, Alias(AliasKind.SESSION, "s")])
def test_any_other_alias_is_within_its_channel(identity: Identity, channel: AssistantChannel, alias: Alias) -> None:
    contact = identity.contact_of(channel, event(alias))

    assert identity.contact_of(channel, event(alias)).id == contact.id
    assert identity.contact_of(a_channel(assistant_id=channel.assistant_id), event(alias)).id != contact.id


def test_a_telegram_contact_has_a_conversation_of_its_own_service(identity: Identity) -> None:
    channel = a_channel(ChannelKind.TELEGRAM)

    contact = identity.contact_of(channel, event(TELEGRAM))

    assert contact.address == "telegram:123"
    assert contact.conversation_id == conversation_id_of(channel.assistant_id, Channel("telegram:123", "Telegram"))


@pytest.mark.parametrize(("first", "second"), [(LID, WITH), (WITH, LID), (USER_ID, WITHOUT)])
def test_an_alias_that_comes_with_a_known_one_is_joined(
    world: World, identity: Identity, channel: AssistantChannel, first: Alias, second: Alias
) -> None:
    contact = identity.contact_of(channel, event(first))

    both = identity.contact_of(channel, event(second, first))

    assert (both.id, both.address, len(both.keys)) == (contact.id, contact.address, 2)
    assert identity.contact_of(channel, event(second)) == rows_of(world, channel)[0]
    assert identity.contact_of(channel, event(second)).id == contact.id


def test_who_comes_with_a_phone_and_a_lid_is_called_by_the_phone(
    identity: Identity, channel: AssistantChannel
) -> None:
    assert identity.contact_of(channel, event(LID, WITH)).address == "+5513988593464"


def test_who_has_a_user_id_alone_is_a_contact_too(
    world: World, identity: Identity, channel: AssistantChannel
) -> None:
    contact = identity.contact_of(channel, event(USER_ID))
    with_phone = identity.contact_of(channel, event(WITH, USER_ID))

    assert contact.address == with_phone.address == "user_id:BR.abc123"
    assert identity.contact_of(channel, event(WITHOUT)).id == contact.id
    assert len(rows_of(world, channel)) == 1


def test_two_contacts_that_are_one_are_merged_into_the_older(
    world: World, rows: Repositories, identity: Identity, channel: AssistantChannel
) -> None:
    older, younger = (identity.contact_of(channel, event(alias)) for alias in (LID, WITH))

    assert identity.contact_of(channel, event(WITH, LID)).id == older.id

    for alias in (WITH, WITHOUT, LID):
        found = identity.contact_of(channel, event(alias))
        assert (found.id, found.address) == (older.id, older.address)
    assert merges(rows, channel) == [(younger.id, older.id)]
    assert [one.merged_into for one in rows_of(world, channel)] == [None, older.id]


def test_a_conversation_has_the_contacts_that_were_merged_into_its_own(
    rows: Repositories, identity: Identity, channel: AssistantChannel
) -> None:
    older, younger = identity.contact_of(channel, event(WITH)), identity.contact_of(channel, event(LID))
    stranger = identity.contact_of(channel, event(USER_ID))
    identity.contact_of(channel, event(WITH, LID))

    found = rows.contacts.of_conversation(older.conversation_id)

    assert [one.id for one in found] == [older.id, younger.id]
    assert [alias_of_key(key) for one in found for key in one.keys] == [(WITH, None), (LID, channel.id)]
    assert [one.id for one in rows.contacts.of_conversation(stranger.conversation_id)] == [stranger.id]


def test_a_merge_is_audited_without_the_contact_s_data(
    rows: Repositories, identity: Identity, channel: AssistantChannel
) -> None:
    older, younger = (identity.contact_of(channel, event(alias)) for alias in (LID, WITH))
    identity.contact_of(channel, event(WITH, LID))

    (entry,) = rows.audit.page(AuditFilter(assistant_id=channel.assistant_id), None, 10)

    assert (entry.action, entry.outcome) == (AuditAction.CONTACT_MERGED, AuditOutcome.DONE)
    assert (entry.before, entry.after) == ({"merged_into": None}, {"merged_into": older.id})
    assert entry.target
    assert (entry.target.id, entry.target.name) == (younger.id, None)
    assert not any(private in repr(entry) for private in ("Maria", WITH.value, LID.value))


def test_three_contacts_that_are_one_are_merged(
    rows: Repositories, identity: Identity, channel: AssistantChannel
) -> None:
    oldest, *younger = (identity.contact_of(channel, event(alias)) for alias in (USER_ID, LID, WITH))

    assert identity.contact_of(channel, event(WITH, LID, USER_ID)).id == oldest.id

    assert sorted(merges(rows, channel)) == [(one.id, oldest.id) for one in younger]


def test_a_merged_contact_may_be_merged_again(identity: Identity, channel: AssistantChannel) -> None:
    oldest, *_ = (identity.contact_of(channel, event(alias)) for alias in (USER_ID, LID, WITH))
    identity.contact_of(channel, event(WITH, LID))

    identity.contact_of(channel, event(USER_ID, WITH))

    assert {identity.contact_of(channel, event(one)).id for one in (USER_ID, LID, WITH)} == {oldest.id}


def test_a_provider_s_word_that_a_number_changed_joins_it(identity: Identity, channel: AssistantChannel) -> None:
    new = Alias(AliasKind.PHONE, "5521977776666")
    contact = identity.contact_of(channel, event(WITH))

    identity.contact_of(channel, event(new, WITH, name=None, kind=EventKind.ALIAS))

    found = identity.contact_of(channel, event(new))
    assert (found.id, found.address, found.name) == (contact.id, "+5513988593464", "Maria")


def test_nobody_is_merged_by_name(world: World, identity: Identity, channel: AssistantChannel) -> None:
    for alias in (WITH, LID, LANDLINE):
        identity.contact_of(channel, event(alias, name="Maria"))

    assert len(rows_of(world, channel)) == 3


def test_the_name_is_the_latest_that_the_contact_used(
    world: World, identity: Identity, channel: AssistantChannel
) -> None:
    def named(name: str | None, kind: EventKind = EventKind.MESSAGE) -> str | None:
        identity.contact_of(channel, event(WITH, name=name, kind=kind))
        return rows_of(world, channel)[0].name

    assert named("A loja", EventKind.ECHO) is None
    assert named("Maria") == "Maria"
    assert named(None) == "Maria"
    assert named("A loja", EventKind.ECHO) == "Maria"
    assert named(" \x00 ") == "Maria"
    assert named("Ana \ud83d") == "Ana ?"
    assert named("x" * 10_000) == "x" * 200


def test_an_event_without_aliases_is_about_nobody(identity: Identity, channel: AssistantChannel) -> None:
    with pytest.raises(ValueError, match="names no contact"):
        identity.contact_of(channel, event())


def test_aliases_are_bounded(world: World, identity: Identity, channel: AssistantChannel) -> None:
    for number in range(40):
        others = [Alias(AliasKind.LID, f"{number}-{one}") for one in range(15)]
        contact = identity.contact_of(channel, event(WITH, *others))

    assert len(contact.keys) <= 100
    assert [len(one.keys) for one in rows_of(world, channel)] == [len(contact.keys)]


def test_who_is_known_costs_one_query(identity: Identity, rows: Repositories, channel: AssistantChannel) -> None:
    asked: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(rows.contacts, name)

    contact = identity.contact_of(channel, event(WITH, LID))
    counted = Identity(Counting(), audit_log(rows, lambda: NOW), lambda: NOW)  # type: ignore[arg-type]

    assert counted.contact_of(channel, event(LID, WITHOUT)).id == contact.id
    assert asked == ["with_key"]


def test_32_events_of_one_new_contact_at_once_make_one(
    world: World, identity: Identity, channel: AssistantChannel
) -> None:
    forms = [event(WITH), event(WITHOUT), event(WITH, LID), event(LID, WITHOUT)] * 8

    found = at_once([lambda one=one: identity.contact_of(channel, one) for one in forms])  # type: ignore[misc]

    (row,) = rows_of(world, channel)
    assert {one.id for one in found} == {row.id}
    assert set(row.keys) == {"phone:5513988593464", f"lid:{channel.id}:99887766"}


def test_32_events_at_once_merge_two_contacts_once(
    world: World, rows: Repositories, identity: Identity, channel: AssistantChannel
) -> None:
    older, younger = (identity.contact_of(channel, event(alias)) for alias in (LID, WITH))

    found = at_once([lambda: identity.contact_of(channel, event(WITH, LID))] * 32)

    assert {one.id for one in found} == {older.id}
    assert merges(rows, channel) == [(younger.id, older.id)]
    assert merges(rows, channel, AuditOutcome.BEGUN) == []


def test_a_ring_of_merges_at_once_leaves_one_contact(
    world: World, rows: Repositories, identity: Identity, channel: AssistantChannel
) -> None:
    ring = [Alias(AliasKind.LID, str(number)) for number in range(8)]
    oldest, *_ = [identity.contact_of(channel, event(alias)) for alias in ring]
    pairs = [(one, ring[(number + 1) % 8]) for number, one in enumerate(ring)] * 2

    at_once([lambda pair=pair: identity.contact_of(channel, event(*pair)) for pair in pairs])  # type: ignore[misc]

    assert {identity.contact_of(channel, event(alias)).id for alias in ring} == {oldest.id}
    assert [one.id for one in rows_of(world, channel) if not one.merged_into] == [oldest.id]
    assert len(merges(rows, channel)) == 7


def test_who_is_erased_becomes_a_new_contact(
    world: World, rows: Repositories, identity: Identity, channel: AssistantChannel
) -> None:
    first = identity.contact_of(channel, event(WITHOUT))
    rows.contacts.delete_of_conversation(first.conversation_id, new_id())

    second = identity.contact_of(channel, event(WITH))

    assert second.id != first.id
    assert second.address == "+5513988593464"


def test_who_was_merged_while_the_other_was_erased_is_a_contact_again(
    world: World, rows: Repositories, identity: Identity, channel: AssistantChannel
) -> None:
    older, younger = (identity.contact_of(channel, event(alias)) for alias in (LID, WITH))
    world.database["contacts"].delete_one({"keys": older.keys[0], "address": older.address})
    rows.contacts.merge(younger.id, older.id)

    found = identity.contact_of(channel, event(WITH, USER_ID))

    assert (found.id, found.merged_into) == (younger.id, None)
    assert identity.contact_of(channel, event(USER_ID)).id == younger.id

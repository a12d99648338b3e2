"""The collection `erasures`."""

from dataclasses import replace
from datetime import timedelta

from app.domain.ids import made_at, new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def test_of_two_orders_the_later_one_counts(world: World, rows: Repositories) -> None:
    conversation, earlier, later = world.conversation(), new_id(), new_id()
    conversation_id = conversation.id

    for before in (later, earlier):
        rows.erasures.order(conversation, before)
        assert (conversation_id, later) in rows.erasures.ordered()

    rows.erasures.done(conversation_id, earlier)
    assert (conversation_id, later) in rows.erasures.ordered()
    rows.erasures.done(conversation_id, later)
    assert conversation_id not in [one for one, _ in rows.erasures.ordered()]


def test_every_order_is_met_once(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    ordered = {new_id(): new_id() for _ in range(300)}
    for conversation_id, before in ordered.items():
        rows.erasures.order(replace(conversation, id=conversation_id), before)

    found = list(rows.erasures.ordered())

    assert len(found) == len(dict(found))
    assert ordered.items() <= dict(found).items()
    for conversation_id, before in ordered.items():
        rows.erasures.done(conversation_id, before)
    assert ordered.keys().isdisjoint(dict(rows.erasures.ordered()))


def test_what_is_done_is_remembered_for_a_time(world: World, rows: Repositories) -> None:
    one, other, before, later = new_id(), new_id(), new_id(), new_id()
    rows.erasures.order(replace(world.conversation(), id=one), before)
    rows.erasures.order(replace(world.conversation(), id=other), later)
    rows.erasures.done(one, before)

    assert rows.erasures.latest([one, other, new_id()]) == later
    assert rows.erasures.latest([one]) == before
    rows.erasures.forget(made_at(before) + timedelta(days=1))
    assert (rows.erasures.latest([one]), rows.erasures.latest([other])) == (None, later)
    assert (other, later) in rows.erasures.ordered()


def test_what_is_ordered_again_is_to_be_done_again(world: World, rows: Repositories) -> None:
    conversation_id, before, later = new_id(), new_id(), new_id()
    rows.erasures.order(replace(world.conversation(), id=conversation_id), before)
    rows.erasures.done(conversation_id, before)

    rows.erasures.order(replace(world.conversation(), id=conversation_id), later)

    assert (conversation_id, later) in rows.erasures.ordered()

"""The collection `erasures`."""

from dataclasses import replace

from app.domain.ids import new_id
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

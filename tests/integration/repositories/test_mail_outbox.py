"""The collection `mail_outbox`."""

from dataclasses import replace
from datetime import timedelta

from bson import ObjectId

from app.domain.ids import new_id
from app.domain.mail import Mail, MailKind, QueuedMail
from app.wiring.repositories import Repositories
from tests.integration.rows import World

MAIL = Mail("ana@example.com", "Convite", "https://example.com/#/convite/abc")


def queue(world: World, due_at: timedelta = timedelta()) -> QueuedMail:
    now = world.now()
    queued = QueuedMail(new_id(), MailKind.TEXT, MAIL, now + due_at, now + timedelta(days=1))
    world.rows.mail_outbox.add(queued)
    return queued


def test_a_mail_is_due_from_its_time_on_until_it_is_removed(world: World, rows: Repositories) -> None:
    outbox, now = rows.mail_outbox, world.now()
    later, early = queue(world, timedelta(minutes=2)), queue(world, timedelta(minutes=1))

    assert not {later.id, early.id} & {one.id for one in outbox.due(now, 100)}
    due = [one for one in outbox.due(now + timedelta(minutes=3), 100) if one.id in {later.id, early.id}]
    assert due == [early, later]
    outbox.remove(early.id)
    assert early.id not in {one.id for one in outbox.due(now + timedelta(minutes=3), 100)}
    outbox.remove(later.id)


def test_one_sender_leases_it_and_after_the_lease_another(world: World, rows: Repositories) -> None:
    queued, until = queue(world), world.now() + timedelta(minutes=5)

    assert rows.mail_outbox.lease(queued, until)
    assert not rows.mail_outbox.lease(queued, until)

    (again,) = [one for one in rows.mail_outbox.due(until, 100) if one.id == queued.id]
    assert again == replace(queued, due_at=until, attempts=1)
    assert rows.mail_outbox.lease(again, until + timedelta(minutes=5))
    rows.mail_outbox.remove(queued.id)


def test_a_mail_can_wait(world: World, rows: Repositories) -> None:
    queued, later = queue(world), world.now() + timedelta(hours=1)

    rows.mail_outbox.postpone(queued.id, later)

    assert queued.id not in {one.id for one in rows.mail_outbox.due(later - timedelta(seconds=1), 100)}
    assert queued.id in {one.id for one in rows.mail_outbox.due(later, 100)}
    rows.mail_outbox.remove(queued.id)


def test_no_link_can_be_read_in_the_database(world: World) -> None:
    queued = queue(world)

    row = world.database["mail_outbox"].find_one({"_id": ObjectId(queued.id)})

    assert "convite" not in repr(row)
    world.rows.mail_outbox.remove(queued.id)

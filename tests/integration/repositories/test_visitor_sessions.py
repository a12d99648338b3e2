"""Visitors' sessions and their messages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from app.domain.ids import new_id
from app.domain.visitors import SESSION_LASTS, VisitorSession
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def a_session(world: World, rows: Repositories) -> tuple[VisitorSession, str]:
    session = VisitorSession(new_id(), new_id(), new_id(), new_id(), world.now() + SESSION_LASTS)
    token_hash = new_id()
    rows.visitor_sessions.add(session, token_hash)
    return session, token_hash


def test_a_session_is_found_by_its_token(world: World, rows: Repositories) -> None:
    session, token_hash = a_session(world, rows)

    assert rows.visitor_sessions.by_token(token_hash) == session
    assert rows.visitor_sessions.by_token("another") is None
    assert rows.visitor_sessions.messages(session.id) == []


def test_messages_are_numbered_and_each_is_there_once(world: World, rows: Repositories) -> None:
    session, token_hash = a_session(world, rows)
    later = world.now() + timedelta(days=1)

    for _ in range(2):
        assert rows.visitor_sessions.wrote(session.id, "m-1", "Oi", later)
        assert rows.visitor_sessions.answered(session.id, "p-1", "Olá", later)
    rows.visitor_sessions.seen(session.id, 2, 1)
    rows.visitor_sessions.seen(session.id, 1, 0)

    kept = rows.visitor_sessions.messages(session.id)
    assert [(one.number, one.id, one.by_visitor, one.text) for one in kept] == [
        (1, "m-1", True, "Oi"),
        (2, "p-1", False, "Olá"),
    ]
    found = rows.visitor_sessions.by_token(token_hash)
    assert found is not None
    assert (found.last, found.delivered, found.read) == (2, 2, 1)
    assert found.expires_at == later + SESSION_LASTS


def test_a_sign_is_shown_until_there_is_an_answer(world: World, rows: Repositories) -> None:
    session, token_hash = a_session(world, rows)
    until = world.now() + timedelta(seconds=10)

    def shown_until() -> datetime | None:
        found = rows.visitor_sessions.by_token(token_hash)
        assert found is not None
        return found.typing_until

    rows.visitor_sessions.show_typing(session.id, until)
    rows.visitor_sessions.wrote(session.id, "m-1", "Oi", world.now())
    assert shown_until() == until
    rows.visitor_sessions.answered(session.id, "p-1", "Olá", world.now())
    assert shown_until() is None


def test_a_hundred_are_kept_under_their_numbers(world: World, rows: Repositories) -> None:
    session, _ = a_session(world, rows)

    for number in range(102):
        rows.visitor_sessions.answered(session.id, f"p-{number}", str(number), world.now())

    kept = rows.visitor_sessions.messages(session.id)
    assert [one.number for one in kept] == list(range(3, 103))
    assert kept[0].text == "2"


def test_copies_at_once_are_one_message(world: World, rows: Repositories) -> None:
    session, _ = a_session(world, rows)

    with ThreadPoolExecutor(8) as threads:
        done = threads.map(
            lambda number: rows.visitor_sessions.answered(session.id, f"p-{number % 4}", "x", world.now()),
            range(16),
        )

    assert all(done)
    kept = rows.visitor_sessions.messages(session.id)
    assert sorted(one.id for one in kept) == ["p-0", "p-1", "p-2", "p-3"]
    assert [one.number for one in kept] == [1, 2, 3, 4]


def test_a_session_that_is_gone_takes_nothing(world: World, rows: Repositories) -> None:
    gone, _ = a_session(world, rows)
    other, other_hash = a_session(world, rows)
    assert rows.visitor_sessions.delete_of_conversation(gone.conversation_id, gone.id) == 0
    assert rows.visitor_sessions.delete_of_conversation(gone.conversation_id, new_id()) == 1

    assert not rows.visitor_sessions.wrote(gone.id, "m-1", "Oi", world.now())
    assert not rows.visitor_sessions.answered(gone.id, "p-1", "Oi", world.now())
    rows.visitor_sessions.seen(gone.id, 1, 1)
    rows.visitor_sessions.forget(other.expires_at - timedelta(seconds=1))
    assert rows.visitor_sessions.by_token(other_hash) is not None
    rows.visitor_sessions.forget(other.expires_at + timedelta(seconds=1))
    assert rows.visitor_sessions.by_token(other_hash) is None


def test_sessions_go_with_their_assistant(world: World, rows: Repositories) -> None:
    session, token_hash = a_session(world, rows)

    rows.visitor_sessions.delete_of_assistant(session.assistant_id)

    assert rows.visitor_sessions.by_token(token_hash) is None

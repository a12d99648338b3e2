"""Whose job is next."""

from app.jobs.turns import Turns


def test_an_owners_jobs_follow_each_other() -> None:
    turns = Turns()

    assert [turns.number("ana") for _ in range(3)] == [0, 1, 2]


def test_a_newcomer_is_next() -> None:
    turns = Turns(10)
    numbers = [turns.number("ana") for _ in range(100)]
    for number in numbers[:10]:
        turns.begin("ana", number)

    assert turns.number("bia") == numbers[9]


def test_who_was_idle_has_saved_nothing_up() -> None:
    turns = Turns(200)
    for number in [turns.number("ana") for _ in range(100)]:
        turns.begin("ana", number)

    assert [turns.number("bia"), turns.number("bia")] == [99, 100]


def test_an_owner_has_so_many_workers_and_no_more() -> None:
    turns = Turns(2)

    assert [turns.begin("ana", number) for number in range(3)] == [True, True, False]
    assert turns.begin("bia", 0)
    turns.end("ana")
    assert turns.begin("ana", 2)


def test_owners_who_have_nothing_waiting_are_forgotten() -> None:
    turns = Turns(10_000)
    for number in range(5000):
        turns.begin(str(number), turns.number(str(number)))
    later = turns.number("late")
    turns.begin("late", later)

    assert turns.number("late") == later + 1

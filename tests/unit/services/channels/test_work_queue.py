from app.services.channels.work_queue import WorkQueue


def anything(channel_id: str) -> bool:
    return True


def begun(queue: WorkQueue, now: float) -> list[str]:
    found = []
    while (first := queue.first(now, anything)) is not None:
        queue.begin(*first)
        found.append(first[1])
    return found


def test_what_is_due_is_begun_and_what_is_not_waits() -> None:
    queue = WorkQueue()
    queue.add("c", "later", 5.0)
    queue.add("c", "now", 1.0)

    assert begun(queue, 2.0) == ["now"]
    assert queue.next_due == 5.0
    assert begun(queue, 5.0) == ["later"]


def test_channels_have_their_turns() -> None:
    queue = WorkQueue()
    for number in range(3):
        queue.add("flooded", f"f{number}", 0)
    queue.add("quiet", "q", 1)

    assert begun(queue, 2) == ["f0", "q", "f1", "f2"]


def test_a_channel_that_may_not_begin_is_passed_over() -> None:
    queue = WorkQueue()
    queue.add("full", "f", 0)
    queue.add("free", "q", 0)

    assert not queue.is_backed_up
    assert queue.first(1, lambda channel_id: channel_id == "free") == ("free", "q")
    assert queue.is_backed_up


def test_the_sooner_of_two_times_counts() -> None:
    queue = WorkQueue()
    queue.add("c", "one", 9)
    queue.add("c", "one", 1)
    queue.add("c", "one", 5)

    assert begun(queue, 2) == ["one"]
    queue.end("c", "one")
    assert begun(queue, 10) == []


def test_what_comes_while_it_is_worked_on_is_due_after_that() -> None:
    queue = WorkQueue()
    queue.add("c", "one", 0)
    assert begun(queue, 0) == ["one"]
    queue.add("c", "one", 3)

    assert begun(queue, 4) == []
    queue.end("c", "one")

    assert begun(queue, 4) == ["one"]

"""Which webhooks may be sent to at the same time."""

import pytest

from app.services.webhooks.slots import DeliverySlots


def prove(slots: DeliverySlots, *webhook_ids: str) -> None:
    for webhook_id in webhook_ids:
        assert slots.take(webhook_id, webhook_id)
        slots.give_back(webhook_id, webhook_id, proven=True)


def test_a_webhook_has_one_thread_and_two_once_it_is_proven() -> None:
    slots = DeliverySlots()
    assert [slots.take("a", "w") for _ in range(3)] == [True, False, False]
    slots.give_back("a", "w", proven=True)

    assert [slots.take("a", "w") for _ in range(3)] == [True, True, False]

    slots.give_back("a", "w", proven=False)
    assert not slots.take("a", "w")
    slots.give_back("a", "w", proven=False)
    assert [slots.take("a", "w") for _ in range(2)] == [True, False]


def test_an_assistant_has_four_for_all_that_are_not_proven() -> None:
    slots = DeliverySlots()

    taken = [slots.take("a", f"w{number}") for number in range(10)]

    assert taken.count(True) == 4
    assert slots.take("b", "other")
    slots.give_back("a", "w0", proven=False)
    assert slots.take("a", "w9")


def test_however_many_hang_the_proven_ones_have_half_of_the_threads() -> None:
    slots = DeliverySlots()
    good = [f"good{number}" for number in range(20)]
    prove(slots, *good)

    hanging = [slots.take(f"a{number // 10}", f"hang{number}") for number in range(1000)]

    assert hanging.count(True) == 16
    assert [slots.take(webhook_id, webhook_id) for webhook_id in good].count(True) == 16
    assert slots.are_all_held()
    assert slots.held() == 32
    assert not slots.take("anybody", "any")


@pytest.mark.parametrize("proven", [True, False])
def test_what_is_given_back_is_free_again(proven: bool) -> None:
    slots = DeliverySlots()
    for _ in range(3):
        taken = [number for number in range(40) if slots.take(f"a{number}", f"w{number}")]
        assert taken
        for number in taken:
            slots.give_back(f"a{number}", f"w{number}", proven=proven)

    assert slots.held() == 0

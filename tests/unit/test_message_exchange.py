"""What makes two deliveries one message."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.conversations import Channel
from app.domain.ids import is_id, new_id
from app.services.messages import IncomingMessage

MESSAGE = IncomingMessage(Channel("+551399", "Whatsapp"), "Oi", "Maria", message_id="1", idempotency_key="a")


def test_a_message_has_a_key_for_each_id_the_gateway_gave() -> None:
    assistant = new_id()

    assert len(set(MESSAGE.keys(assistant))) == 2
    assert all(is_id(key) for key in MESSAGE.keys(assistant))
    assert replace(MESSAGE, idempotency_key=None).keys(assistant) == MESSAGE.keys(assistant)[:1]
    assert replace(MESSAGE, message_id=None, idempotency_key=None).keys(assistant) == ()


def test_keys_belong_to_one_assistant_and_one_kind() -> None:
    assistant, same = new_id(), replace(MESSAGE, idempotency_key="1")

    assert not set(MESSAGE.keys(assistant)) & set(MESSAGE.keys(new_id()))
    assert len(set(same.keys(assistant))) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Tchau"},
        {"channel": Channel("+551398", "Whatsapp")},
        {"channel": Channel("+551399", "Telegram")},
        {"deactivate": True},
        {"message_id": "2"},
    ],
)
def test_another_message_has_another_fingerprint(change: dict[str, Any]) -> None:
    assert replace(MESSAGE, **change).fingerprint() != MESSAGE.fingerprint()


def test_the_customers_name_does_not_tell_messages_apart() -> None:
    assert replace(MESSAGE, username="Eva").fingerprint() == MESSAGE.fingerprint()


def test_a_delivery_under_another_key_has_the_same_fingerprint() -> None:
    assert replace(MESSAGE, idempotency_key="b").fingerprint() == MESSAGE.fingerprint()

"""A channel with something in its outbox, stored without any provider."""

from app.domain.channels import AssistantChannel, ChannelKind, DeliveryState
from app.domain.ids import new_id
from app.domain.outbox import OutboxPart
from tests.api.house import House


def stored_channel(house: House, assistant_id: str) -> dict[str, str]:
    """The ids of a channel of an assistant, and of a part that could not be sent."""
    now, assistant = house.clock(), house.rows.assistants.by_id(assistant_id)
    assert assistant is not None
    channel = AssistantChannel(
        new_id(),
        assistant_id,
        assistant.owner_id,
        ChannelKind.TELEGRAM,
        "Loja",
        new_id(),
        now,
        {},
        {"api_key": "k"},
    )
    assert house.rows.channels.add(channel, None)
    part = OutboxPart(
        id=new_id(),
        channel_id=channel.id,
        assistant_id=assistant_id,
        conversation_id=new_id(),
        chat_id=new_id(),
        number=0,
        recipient="5513988593464",
        text="Dois dias.",
        created_at=now,
        next_at=now,
        state=DeliveryState.FAILED,
    )
    house.rows.outbox.add([part])
    return {"channel": channel.id, "part": part.id}

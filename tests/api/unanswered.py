"""Groups of unanswered questions."""

from app.domain.ids import new_id
from app.domain.unanswered import UnansweredGroup, UnansweredQuestion
from tests.api.house import House


def stored_group(house: House, assistant_id: str, chat_id: str, conversation_id: str) -> str:
    """The id of a group of an assistant with one question."""
    now = house.clock()
    asked = UnansweredQuestion(assistant_id, chat_id, conversation_id, "Oi?", now)
    group = UnansweredGroup(new_id(), assistant_id, "m", b"\0\0", conversation_id, 1, (asked,), now, now, chat_id)
    house.rows.unanswered.add(group)
    return group.id

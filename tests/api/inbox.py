"""What operators have beside the messages, as other tests need it."""

from app.domain.canned_replies import CannedReply
from app.domain.ids import new_id
from app.domain.labels import Label
from app.domain.notes import Note
from tests.api.house import House


def stored_inbox(house: House, assistant_id: str, conversation_id: str) -> dict[str, str]:
    """The ids of a note, a label and a canned reply, as they are named in the rows of `routes.py`."""
    ids, now = {name: new_id() for name in ("note", "label", "reply")}, house.clock()
    house.rows.notes.add(Note(ids["note"], assistant_id, conversation_id, new_id(), "Rita", "Liga de manhã.", now))
    assert house.rows.labels.add(Label(ids["label"], assistant_id, "Atacado", "#00ff00", now))
    assert house.rows.canned_replies.add(CannedReply(ids["reply"], assistant_id, "tchau", "Até logo!", now))
    return ids

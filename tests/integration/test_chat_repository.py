"""The collection `chats`."""

from dataclasses import replace

from bson import ObjectId

from app.domain.answers import Turn
from app.domain.conversations import ChatFilter, Source, Tokens
from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World

ANSWER = {
    "response": "Três dias.",
    "tokens": Tokens(10, 5, estimated=True),
    "sources": (Source("0" * 24, "a.md", 0.5),),
    "model": "fake",
}


def test_a_chat_comes_back_as_stored(world: World, rows: Repositories) -> None:
    chat = world.chat(world.conversation(), **ANSWER)

    assert rows.chats.by_id(chat.id) == chat
    assert rows.chats.by_id(new_id()) is None


def test_an_answer_is_put_on_its_chat(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    answered = replace(world.chat(conversation), **ANSWER)  # type: ignore[arg-type]

    assert rows.chats.answer(answered)
    assert rows.chats.by_id(answered.id) == answered


def test_no_answer_is_put_on_a_chat_that_was_switched_meanwhile(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chat = world.chat(conversation)

    for switched in (replace(conversation, active=False, epoch=1), replace(conversation, active=True, epoch=2)):
        rows.chats.mark(switched)
        assert not rows.chats.answer(replace(chat, response="Tarde demais."))
        stored = rows.chats.by_id(chat.id)
        assert stored == replace(chat, active=switched.active)


def test_a_chat_left_to_a_person_is_inactive_unless_it_was_switched_since(world: World, rows: Repositories) -> None:
    conversation = world.conversation(active=False, epoch=1)
    left, given_back = (world.chat(conversation, active=True) for _ in range(2))

    rows.chats.leave_to_person(left, conversation.epoch)
    assert rows.chats.by_id(left.id) == replace(left, active=False)
    rows.chats.mark(replace(conversation, active=True, epoch=2))
    rows.chats.leave_to_person(given_back, conversation.epoch)
    for chat in (left, given_back):
        assert rows.chats.by_id(chat.id) == replace(chat, active=True)


def test_a_discarded_answer_is_kept_and_not_shown(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chat = replace(world.chat(conversation), **ANSWER)  # type: ignore[arg-type]

    rows.chats.discard_answer(chat)

    stored = rows.chats.by_id(chat.id)
    assert stored is not None
    assert (stored.response, stored.tokens) == ("", chat.tokens)
    row = world.database["chats"].find_one({"_id": ObjectId(chat.id)})
    assert row is not None
    assert row["discarded_response"] == "Três dias."


def test_history_is_the_last_turns_oldest_first(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chats = [world.chat(conversation, message=str(number), response=f"r{number}") for number in range(5)]
    world.chat(world.conversation(), message="elsewhere")

    assert rows.chats.history(conversation, chats[4].id, 3) == tuple(Turn(str(n), f"r{n}") for n in (1, 2, 3))
    assert rows.chats.history(conversation, chats[1].id, 3) == (Turn("0", "r0"),)
    assert rows.chats.history(conversation, chats[0].id, 3) == ()
    assert rows.chats.history(conversation, chats[4].id, 0) == ()


def test_pages_are_filtered_newest_first(world: World, rows: Repositories) -> None:
    owner = new_id()
    active, inactive = world.conversation(owner_id=owner), world.conversation(owner_id=owner, active=False)
    made = [world.chat(one).id for one in (active, inactive, active, inactive, active)]
    world.chat(world.conversation())

    def page(wanted: ChatFilter, before: str | None = None, limit: int = 9) -> list[str]:
        return [chat.id for chat in rows.chats.page(wanted, before, limit)]

    assert page(ChatFilter(owner)) == made[::-1]
    assert page(ChatFilter(owner), made[3], 2) == [made[2], made[1]]
    assert page(ChatFilter(owner, active=True)) == [made[4], made[2], made[0]]
    assert page(ChatFilter(owner, active=False), made[3]) == [made[1]]
    assert page(ChatFilter(owner, active.assistant_id)) == [made[4], made[2], made[0]]
    assert page(ChatFilter(None, inactive.assistant_id, active=False)) == [made[3], made[1]]
    assert page(ChatFilter(owner, conversation_ids=[active.id, inactive.id]), limit=3) == made[:1:-1]
    assert page(ChatFilter(owner, conversation_ids=[active.id], active=False)) == []
    assert page(ChatFilter(owner, conversation_ids=[])) == []
    assert page(ChatFilter(owner, hidden_assistants=[active.assistant_id])) == [made[3], made[1]]
    assert page(ChatFilter(), limit=6)[1:] == made[::-1]


def test_all_chats_of_a_conversation_are_told_who_answers(world: World, rows: Repositories) -> None:
    conversation, other = world.conversation(), world.conversation()
    mine, elsewhere = [world.chat(conversation) for _ in range(3)], world.chat(other)

    rows.chats.mark(replace(conversation, active=False, epoch=1))

    assert [rows.chats.by_id(chat.id) for chat in mine] == [replace(chat, active=False) for chat in mine]
    assert rows.chats.by_id(elsewhere.id) == elsewhere


def test_all_of_an_assistant_follow_it(world: World, rows: Repositories) -> None:
    conversation, owner = world.conversation(), new_id()
    chat = world.chat(conversation)

    rows.chats.change_owner(conversation.assistant_id, owner)
    assert rows.chats.by_id(chat.id) == replace(chat, owner_id=owner)

    rows.chats.delete_of_assistant(conversation.assistant_id)
    assert rows.chats.by_id(chat.id) is None

"""The collection `chats`."""

from dataclasses import replace

from bson import ObjectId

from app.domain.answers import Turn
from app.domain.chats import ChatFilter, ChatState
from app.domain.conversations import Source, Tokens
from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def test_a_chat_comes_back_as_stored(world: World, rows: Repositories) -> None:
    plain = world.chat(world.conversation(username=None))
    full = world.chat(
        world.conversation(),
        response="Três dias.",
        tokens=Tokens(10, 5, estimated=True),
        sources=(Source("0" * 24, "a.md", 0.5),),
        model="fake",
        degraded=True,
        cut=True,
        handover_reason="Reclamação",
        by_person=True,
        state=ChatState.GATHERING,
        until=world.now(),
        epoch=3,
        keys=(new_id(), new_id()),
        fingerprint=new_id(),
    )

    assert [rows.chats.by_id(chat.id) for chat in (plain, full)] == [plain, full]
    assert rows.chats.by_id(new_id()) is None


def test_a_chat_of_an_earlier_version_was_answered(world: World, rows: Repositories) -> None:
    chat = world.chat(world.conversation(), response="Três dias.")
    later = ("state", "until", "epoch", "degraded", "cut", "handover_reason")
    world.database["chats"].update_one({"_id": ObjectId(chat.id)}, {"$unset": dict.fromkeys(later, "")})

    assert rows.chats.by_id(chat.id) == chat


def test_history_is_the_last_turns_oldest_first(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chats = [world.chat(conversation, message=str(number), response=f"r{number}") for number in range(5)]
    world.chat(world.conversation(), message="elsewhere")

    assert rows.chats.history(conversation, chats[4].id, 3) == tuple(Turn(str(n), f"r{n}") for n in (1, 2, 3))
    assert rows.chats.history(conversation, chats[1].id, 3) == (Turn("0", "r0"),)
    assert rows.chats.history(conversation, chats[0].id, 3) == ()
    assert rows.chats.history(conversation, chats[4].id, 0) == ()


def test_history_begins_where_the_conversation_says(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chats = [world.chat(conversation, message=str(number)) for number in range(4)]

    begun_anew = replace(conversation, history_from=chats[1].id)
    assert rows.chats.history(begun_anew, chats[3].id, 9) == (Turn("1", ""), Turn("2", ""))
    begun_anew = replace(conversation, history_from=new_id())
    assert rows.chats.history(begun_anew, new_id(), 9) == ()


def test_what_a_person_wrote_is_history_too(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    world.chat(conversation, message="", response="Aqui é a Ana.", by_person=True)

    assert rows.chats.history(conversation, new_id(), 9) == (Turn("", "Aqui é a Ana."),)


def test_all_since_a_chat_are_told_oldest_first(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chats = [world.chat(conversation) for _ in range(4)]
    world.chat(world.conversation())

    assert rows.chats.since(conversation.id, chats[1].id) == chats[1:]
    assert rows.chats.since(conversation.id, "0" * 24) == chats
    assert rows.chats.since(conversation.id, new_id()) == []


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

    for active, epoch in ((False, 1), (True, 2)):
        rows.chats.mark(replace(conversation, active=active, epoch=epoch))
        told = [replace(chat, active=active, epoch=epoch) for chat in mine]
        assert [rows.chats.by_id(chat.id) for chat in mine] == told
    assert rows.chats.by_id(elsewhere.id) == elsewhere


def test_a_conversation_is_forgotten_up_to_a_chat(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    elsewhere = world.chat(world.conversation(assistant_id=conversation.assistant_id))
    world.chat(conversation)
    kept = world.chat(conversation)

    rows.chats.delete_of_conversation(conversation.id, kept.id)

    assert rows.chats.since(conversation.id, "0" * 24) == [kept]
    assert rows.chats.by_id(elsewhere.id) == elsewhere


def test_all_of_an_assistant_follow_it(world: World, rows: Repositories) -> None:
    conversation, owner = world.conversation(), new_id()
    chat = world.chat(conversation)

    rows.chats.change_owner(conversation.assistant_id, owner)
    assert rows.chats.by_id(chat.id) == replace(chat, owner_id=owner)

    rows.chats.delete_of_assistant(conversation.assistant_id)
    assert rows.chats.by_id(chat.id) is None

"""What rows tell of customers' files."""

from dataclasses import replace

from bson import ObjectId

from app.domain.channels import ChannelEvent, EventKind, MediaKind, MediaReference
from app.domain.chats import Chat
from app.domain.conversations import Channel
from app.domain.ids import new_id
from app.domain.inbox import InboxItem
from app.domain.media import Media, TakenMedia, media_id
from tests.integration.rows import World


def a_chat(world: World, *media: Media) -> Chat:
    """A stored chat that files came with."""
    ids = [new_id() for _ in range(4)]
    channel = Channel(new_id(), "Telegram")
    chat = Chat(ids[0], ids[1], ids[2], ids[3], channel, "Maria", True, "[imagem]", world.now(), media=media)
    assert world.rows.messages.add(chat)
    return chat


def an_item(world: World) -> InboxItem:
    """A stored item of the inbox with a file."""
    event = ChannelEvent(EventKind.MESSAGE, new_id(), media=(MediaReference(MediaKind.IMAGE, "r"),))
    ids, now = [new_id() for _ in range(5)], world.now()
    item = InboxItem(ids[0], ids[1], ids[2], ids[3], ids[4], "1", "Telegram", event, now, now, now)
    assert world.rows.inbox.add(item)
    return item


def a_file(item_id: str, number: int = 0) -> Media:
    return Media(media_id(item_id, number), MediaKind.VOICE, "audio/ogg", 9, "a.ogg", "Oi", True, None)


def test_a_chat_is_found_by_its_files(world: World) -> None:
    first, second = (a_file(new_id(), number) for number in range(2))
    chat = a_chat(world, first, second)

    found = world.rows.media.chat_with(second.id)

    assert found is not None
    assert (found.id, found.media) == (chat.id, (first, second))
    assert world.rows.media.chat_with("x-0") is None


def test_files_are_known_by_chats_and_by_messages_that_wait(world: World) -> None:
    of_chat, waiting, done = a_file(new_id()), an_item(world), an_item(world)
    a_chat(world, of_chat, a_file(new_id()))
    world.rows.inbox.done(done.id)
    ids = [of_chat.id, media_id(waiting.id, 0), media_id(done.id, 0), "odd", media_id(new_id(), 0)]

    assert world.rows.media.known(ids) == {of_chat.id, media_id(waiting.id, 0)}
    assert world.rows.media.known([]) == set()


def test_what_was_fetched_first_counts_until_the_message_was_answered(world: World) -> None:
    item = an_item(world)
    first = TakenMedia((a_file(item.id),), needs_person=False)
    second = replace(first, needs_person=True)

    assert world.rows.inbox.took(item.id, first) == first
    assert world.rows.inbox.took(item.id, second) == first
    (read,) = world.rows.inbox.of_conversation(item.conversation_id, 9)
    assert read.taken == first

    world.rows.inbox.done(item.id)
    assert "taken" not in (world.database["inbox"].find_one({"_id": ObjectId(item.id)}) or {})
    assert world.rows.inbox.took(item.id, second) == second

"""Pictures in a prompt."""

from app.domain.answers import MOST_IMAGE_BYTES, MOST_IMAGES, Image, Question, Turn
from app.llm.prompt import build_messages, to_wire

PHOTO = Image(b"\xff\xd8\xff", "image/jpeg")


def test_a_message_without_pictures_is_a_text() -> None:
    wired = [to_wire(message) for message in build_messages(Question("Oi", history=(Turn("A", "B"),)))]

    assert wired[1:] == [
        {"role": "user", "content": "A"},
        {"role": "assistant", "content": "B"},
        {"role": "user", "content": "Oi"},
    ]
    assert isinstance(wired[0]["content"], str)


def test_pictures_follow_the_text_of_the_last_message() -> None:
    *_, last = build_messages(Question("Tem esta?", history=(Turn("A", "B"),), images=(PHOTO,)))

    assert to_wire(last) == {
        "role": "user",
        "content": [
            {"type": "text", "text": "Tem esta?"},
            {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9j/"}},
        ],
    }


def test_a_picture_alone_is_a_message() -> None:
    *_, last = build_messages(Question("", images=(PHOTO,)))

    assert [part["type"] for part in to_wire(last)["content"]] == ["image_url"]


def test_pictures_stay_where_messages_are_joined() -> None:
    messages = build_messages(Question("", history=(Turn("A", ""),), images=(PHOTO,)))

    assert [(message.role, message.images) for message in messages[1:]] == [("user", (PHOTO,))]
    assert messages[1].content == "A"


def test_too_many_and_too_large_pictures_are_left_out() -> None:
    large = Image(b"a" * (MOST_IMAGE_BYTES + 1), "image/png")

    *_, last = build_messages(Question("Oi", images=(large, *[PHOTO] * (MOST_IMAGES + 2))))
    assert last.images == (PHOTO,) * MOST_IMAGES

"""Pictures reach a model that sees them, and change nothing else of a request."""

from typing import Any

import pytest

from app.domain.answers import Image, Question
from tests.fakes.openai_server import OpenAIServer
from tests.integration.llm.asking import MESSAGE, language_model

PHOTO = Image(b"\xff\xd8\xff", "image/jpeg")


def sent(question: Question, **values: Any) -> dict[str, Any]:
    with OpenAIServer() as server, language_model(server.url, **values) as model:
        model.answer(question, 60)
        return dict(server.requests[0].body)


def test_a_model_that_sees_gets_the_pictures() -> None:
    plain = sent(Question(MESSAGE))
    shown = sent(Question(MESSAGE, images=(PHOTO,)), sees_images=True)

    assert shown["messages"].pop()["content"] == [
        {"type": "text", "text": MESSAGE},
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9j/"}},
    ]
    assert plain["messages"].pop() == {"role": "user", "content": MESSAGE}
    assert shown == plain


@pytest.mark.parametrize(
    ("question", "sees_images"), [(Question(MESSAGE, images=(PHOTO,)), False), (Question(MESSAGE), True)]
)
def test_without_pictures_to_see_a_request_is_what_it_was(question: Question, sees_images: bool) -> None:
    assert sent(question, sees_images=sees_images) == sent(Question(MESSAGE))

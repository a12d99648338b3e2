"""From a message and what was before it to the question a model gets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.answers import Turn as EarlierTurn
from app.domain.assistants import Assistant, AssistantSettings
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Channel, Conversation
from app.services.messages.bursts import together
from app.services.messages.line import Place
from app.services.messages.questions import Questions, text_of
from app.services.messages.rules import MessageRules, TimeLimit
from app.services.messages.turns import Turn

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = MessageRules(characters=4096, timeout_seconds=30, history_turns=3)
CONVERSATION = Conversation(
    "c",
    "a",
    "o",
    Channel("+55", "Whatsapp"),
    "Maria",
    True,
    0,
    created_at=NOW - timedelta(days=1),
    latest_chat_id="9",
)


class Past:
    """What was said longer ago than the line looks, and the texts that were searched for."""

    def __init__(self, *turns: EarlierTurn) -> None:
        self.turns = turns
        self.searched: list[str] = []
        self.asked: list[tuple[str, int]] = []

    def history(self, conversation: Conversation, before: str, limit: int) -> tuple[EarlierTurn, ...]:
        self.asked.append((before, limit))
        return self.turns[-limit:]

    def search(self, assistant_id: str, version: int, question: str) -> tuple[()]:
        self.searched.append(question)
        return ()


def chat(name: str, **values: Any) -> Chat:
    """A message "m<name>", answered "r<name>"."""
    channel = CONVERSATION.channel
    return replace(
        Chat(name, "a", "o", "c", channel, None, True, f"m{name}", created_at=NOW, response=f"r{name}"), **values
    )


def merged(name: str, into: str) -> Chat:
    return chat(name, response="", state=ChatState.MERGED, merged_into=into)


def turn_of(*before: Chat, **values: Any) -> Turn:
    settings = AssistantSettings(model="gpt-5-mini", temperature=0.5)
    assistant = Assistant("a", "Loja", "o", "key", NOW, prompt="Seja breve.", settings=settings)
    place = Place(chat("5", response=""), before, seen_from=NOW - timedelta(minutes=1))
    return replace(Turn(assistant, CONVERSATION, place, RULES, TimeLimit(30)), **values)


def question_of(turn: Turn, past: Past) -> Any:
    return Questions(past, past).of(turn)  # type: ignore[arg-type]


def test_all_that_is_known_of_the_assistant_and_the_customer() -> None:
    past = Past()

    question = question_of(turn_of(), past)

    assert (question.message, question.instructions, question.username) == ("m5", "Seja breve.", "Maria")
    assert (question.model, question.temperature) == ("gpt-5-mini", 0.5)
    assert (question.history, past.searched) == ((), ["m5"])


def test_a_burst_is_one_text() -> None:
    past, turn = Past(), turn_of(merged("3", "4"), merged("4", "5"))

    question = question_of(turn, past)

    assert question.message == text_of(turn) == "m3\nm4\nm5"
    assert (past.searched, question.history) == (["m3\nm4\nm5"], ())


def test_what_was_merged_into_another_message_is_history() -> None:
    question = question_of(turn_of(merged("1", "2"), chat("2"), merged("4", "5")), Past())

    assert question.message == "m4\nm5"
    assert question.history == (EarlierTurn("m1", ""), EarlierTurn("m2", "r2"))


@pytest.mark.parametrize(
    ("before", "names"),
    [
        ([], ["5"]),
        ([merged("4", "5")], ["4", "5"]),
        ([merged("1", "2"), chat("2"), merged("3", "4"), merged("4", "5")], ["3", "4", "5"]),
        ([merged("1", "4"), merged("3", "gone"), merged("4", "5")], ["1", "4", "5"]),
    ],
)
def test_which_messages_an_answer_is_for(before: list[Chat], names: list[str]) -> None:
    assert [one.id for one in together(turn_of(*before).place)] == names


def test_older_turns_fill_up_what_the_line_has_seen() -> None:
    past = Past(EarlierTurn("m0", "r0"), EarlierTurn("m1", "r1"))

    question = question_of(turn_of(chat("3"), chat("4")), past)

    assert [one.message for one in question.history] == ["m1", "m3", "m4"]
    assert past.asked == [("3", 1)]


@pytest.mark.parametrize(
    ("before", "created_at"),
    [([chat("2"), chat("3"), chat("4")], CONVERSATION.created_at), ([chat("4")], NOW)],
)
def test_the_past_is_not_read_where_the_line_has_seen_enough(before: list[Chat], created_at: datetime) -> None:
    past = Past(EarlierTurn("m0", "r0"))

    question = question_of(turn_of(*before, conversation=replace(CONVERSATION, created_at=created_at)), past)

    assert [one.message for one in question.history] == [one.message for one in before]
    assert past.asked == []


def test_an_assistant_without_a_memory() -> None:
    past = Past(EarlierTurn("m0", "r0"))

    question = question_of(turn_of(chat("4"), rules=replace(RULES, history_turns=0)), past)

    assert (question.history, past.asked) == ((), [])


def test_what_was_before_the_end_of_a_hand_over_is_not_told() -> None:
    conversation = replace(CONVERSATION, history_from="3")

    question = question_of(turn_of(chat("2"), chat("3"), chat("4"), conversation=conversation), Past())

    assert [one.message for one in question.history] == ["m3", "m4"]

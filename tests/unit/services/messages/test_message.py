"""What makes two deliveries one message, what holds for an assistant's messages, and what a model is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.answers import Turn as EarlierTurn
from app.domain.assistants import Assistant, AssistantSettings
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Channel, Conversation, QueueEntry
from app.domain.deadline import Deadline
from app.domain.ids import is_id, new_id
from app.services.messages import IncomingMessage, MessageRules
from app.services.messages.message import MessageUnderWay

MESSAGE = IncomingMessage(Channel("+551399", "Whatsapp"), "Oi", "Maria", message_id="1", idempotency_key="a")
RULES = MessageRules(
    characters=4096, timeout_seconds=30, history_turns=3, burst_quiet_seconds=2, models=frozenset({"gpt-5-mini"})
)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONVERSATION = Conversation(
    "c", "a", "o", Channel("+55", "Whatsapp"), "Maria", True, 4, created_at=NOW, latest_chat_id="9"
)


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


def test_an_assistant_without_settings_has_those_of_the_service() -> None:
    assert RULES.of(AssistantSettings()) == RULES


def test_an_assistants_own_settings_win_even_if_they_are_nought() -> None:
    own = RULES.of(AssistantSettings(burst_quiet_seconds=0, history_turns=0, auto_reactivate_hours=2))

    assert (own.burst_quiet_seconds, own.history_turns, own.auto_reactivate_hours) == (0, 0, 2)
    assert (own.timeout_seconds, own.burst_max_seconds) == (RULES.timeout_seconds, RULES.burst_max_seconds)


def test_a_message_is_leased_for_longer_than_gathering_and_answering_take() -> None:
    assert RULES.lease.total_seconds() > RULES.timeout_seconds + RULES.burst_quiet_seconds


@pytest.mark.parametrize(("quiet", "longest", "held"), [(2, 20, 2), (30, 20, 20), (0, 20, 0)])
def test_a_message_is_never_held_back_longer_than_a_burst_lasts(quiet: float, longest: float, held: float) -> None:
    rules = replace(RULES, burst_quiet_seconds=quiet, burst_max_seconds=longest)

    assert rules.quiet_seconds == held


def chat(name: str, **values: Any) -> Chat:
    """A message "m<name>", answered "r<name>"."""
    made = Chat(
        name, "a", "o", "c", CONVERSATION.channel, None, True, f"m{name}", created_at=NOW, response=f"r{name}"
    )
    return replace(made, **values)


def merged(name: str, into: str) -> Chat:
    return chat(name, response="", state=ChatState.MERGED, merged_into=into)


def under_way(*earlier: Chat, **values: Any) -> MessageUnderWay:
    settings = AssistantSettings(model="gpt-5-mini", temperature=0.5)
    assistant = Assistant("a", "Loja", "o", "key", NOW, prompt="Seja breve.", settings=settings)
    message = chat("5", response="", username="Maria")
    return replace(MessageUnderWay(assistant, message, CONVERSATION, earlier, 4, RULES, Deadline(30)), **values)


def test_all_that_is_known_of_the_assistant_and_the_customer() -> None:
    question = under_way().question(())

    assert (question.message, question.instructions, question.username) == ("m5", "Seja breve.", "Maria")
    assert (question.model, question.temperature, question.history) == ("gpt-5-mini", 0.5, ())


def test_a_model_that_may_not_be_chosen_is_not_asked() -> None:
    rules = replace(RULES, models=frozenset({"gpt-5"}))

    assert under_way(rules=rules).question(()).model is None


def test_a_burst_is_one_text() -> None:
    message = under_way(merged("3", "4"), merged("4", "5"))

    assert message.question(()).message == message.text == "m3\nm4\nm5"
    assert message.question(()).history == ()


def test_what_was_merged_into_another_message_is_history() -> None:
    question = under_way(merged("1", "2"), chat("2"), merged("4", "5")).question(())

    assert question.message == "m4\nm5"
    assert question.history == (EarlierTurn("m1", ""), EarlierTurn("m2", "r2"))


@pytest.mark.parametrize(
    ("earlier", "names"),
    [
        ([], ["5"]),
        ([merged("4", "5")], ["4", "5"]),
        ([merged("1", "2"), chat("2"), merged("3", "4"), merged("4", "5")], ["3", "4", "5"]),
        ([merged("1", "4"), merged("3", "gone"), merged("4", "5")], ["1", "4", "5"]),
    ],
)
def test_which_messages_an_answer_is_for(earlier: list[Chat], names: list[str]) -> None:
    assert [one.id for one in under_way(*earlier).burst] == names


@pytest.mark.parametrize(("turns", "shown"), [(0, []), (2, ["m3", "m4"]), (9, ["m1", "m3", "m4"])])
def test_the_last_turns_are_history(turns: int, shown: list[str]) -> None:
    rules = replace(RULES, history_turns=turns)

    question = under_way(chat("1"), chat("3"), chat("4"), rules=rules).question(())

    assert [turn.message for turn in question.history] == shown


def test_what_was_before_the_end_of_a_hand_over_is_not_told() -> None:
    conversation = replace(CONVERSATION, history_from="3")

    question = under_way(chat("2"), chat("3"), chat("4"), conversation=conversation).question(())

    assert [turn.message for turn in question.history] == ["m3", "m4"]


def test_what_is_ahead_in_the_queue() -> None:
    queue = tuple(QueueEntry(name, NOW + timedelta(minutes=1)) for name in "3567")

    assert [entry.chat_id for entry in under_way(conversation=replace(CONVERSATION, queue=queue)).ahead] == ["3"]


@pytest.mark.parametrize(
    ("change", "is_for_person"), [({}, False), ({"active": False}, True), ({"epoch": 6}, True)]
)
def test_a_switch_since_it_joined_gives_a_message_to_a_person(change: dict[str, Any], is_for_person: bool) -> None:
    assert under_way(conversation=replace(CONVERSATION, **change)).is_for_person is is_for_person

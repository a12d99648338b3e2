"""A process that dies, or loses its database, at any of the calls that a message takes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import AutoReconnect

from app.domain.answers import Answer, Question
from app.domain.assistants import Assistant
from app.domain.chats import ChatState
from app.domain.conversations import Channel, Tokens, conversation_id_of
from app.domain.embeddings import EmbeddingSetting
from app.domain.errors import ChatInactiveError
from app.domain.ids import new_id
from app.net.page_fetcher import PageFetcher
from app.security.passwords import PasswordHasher
from app.services.conversations import ConversationSwitch
from app.services.messages import IncomingMessage, MessageService
from app.services.messages.pictures import Pictures
from app.settings import load_settings
from app.storage.media import MediaFolder
from app.wiring.engines import Engines
from app.wiring.messages import compose_messages
from app.wiring.usage import compose_usage
from tests.fakes.database import dialect_of_tests
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.fate import Fate, Killed, fates
from tests.fakes.model import FakeModel
from tests.integration.rows import World
from tests.integration.services.announcing import conversation_announcer, message_announcer

HANDS_OVER = Answer("", Tokens(20, 8), "fake", handover_reason="Desconto")


class NoKnowledge:
    """An assistant without documents."""

    def search(self, assistant_id: str, version: int, question: str) -> tuple[()]:
        return ()


class Town:
    """Processes on one database, with one model."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.model = world, FakeModel()
        self._settings = load_settings(None, mongodb_uri=None, llm_timeout_seconds=5)
        self._engines = Engines(
            database=world.database,
            dialect=dialect_of_tests(),
            embedder=HashingEmbedder(),
            embedding=EmbeddingSetting("hashing-64"),
            open_embedder=lambda setting: HashingEmbedder(),
            answerer=self.model,
            fetcher=PageFetcher(1, 1),
            passwords=PasswordHasher(rounds=4),
            clock=world.clock,
            secret="",
            index_folder=folder,
        )

    def process(self, fate: Fate | None = None) -> MessageService:
        """A new process."""
        rows, over = self.world.rows, fate.over if fate else lambda repository: repository
        rows = replace(
            rows,
            messages=over(rows.messages),
            conversations=over(rows.conversations),
            conversation_queue=over(rows.conversation_queue),
        )
        clock, knowledge = self.world.clock, NoKnowledge()
        switch = ConversationSwitch(
            rows.conversations, rows.conversation_queue, rows.messages, conversation_announcer(rows, clock), clock
        )
        return compose_messages(
            self._settings,
            self._engines,
            rows,
            knowledge,
            switch,
            usage=compose_usage(self._settings, rows, clock),
            announcer=message_announcer(rows, clock),
            pictures=Pictures(MediaFolder(self._settings.data_dir), sees_images=False),
        ).messages

    def rows_of(self, assistant: Assistant) -> list[dict[str, Any]]:
        return list(self.world.database["chats"].find({"assistant_id": ObjectId(assistant.id)}).sort("_id"))


@pytest.fixture
def town(world: World, tmp_path: Path) -> Town:
    return Town(world, tmp_path)


def message(text: str) -> IncomingMessage:
    return IncomingMessage(Channel("+55", "Whatsapp"), text, "Maria", message_id=text)


def seen(question: Question) -> list[str]:
    """All texts of the customer that the model was shown."""
    return [turn.message for turn in question.history] + question.message.split("\n")


@pytest.mark.parametrize("before", [(), ("Bom dia",)])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", [Killed, AutoReconnect])
def test_a_message_is_answered_once_whatever_happened_when_it_was_first_sent(
    world: World, town: Town, error: type[BaseException], after: bool, before: tuple[str, ...]
) -> None:
    for fate in fates(error, after=after):
        assistant = world.assistant()
        for text in before:
            town.process().answer(assistant, message(text))
        first = town.process(fate)
        town.model.questions.clear()
        try:
            first.answer(assistant, message("Oi"))
        except error:
            world.clock.advance(minutes=1)
        fate.passes()

        reply = (town.process() if error is Killed else first).answer(assistant, message("Oi"))

        *_, row = rows = town.rows_of(assistant)
        assert [one["message"] for one in rows] == [*before, "Oi"]
        assert (row["state"], row["response"]) == (ChatState.ANSWERED, "Resposta."), fate.struck_at
        assert (str(row["_id"]), row["tokens"]["in"]) == (reply.chat.id, 10)
        expected = 2 if fate.struck_at == "answer" and not after else 1
        assert len(town.model.questions) <= expected, fate.struck_at
        second = town.process().answer(assistant, message("E agora?"))
        assert second.chat.response == "Resposta."
        assert seen(town.model.questions[-1]) == [*before, "Oi", "E agora?"]


@pytest.mark.parametrize("after", [False, True])
def test_a_burst_loses_no_message(world: World, town: Town, after: bool) -> None:
    """The earlier of two messages was merged by a process that died, and so did the one that tried again."""
    for fate in fates(Killed, after=after):
        assistant = world.assistant()
        waiting = {"until": world.now() + timedelta(seconds=1), "keys": (new_id(),), "fingerprint": "x"}
        last, channel = message("Qual o prazo?"), Channel("+55", "Whatsapp")
        here = world.conversation(
            id=conversation_id_of(assistant.id, channel), assistant_id=assistant.id, channel=channel
        )
        early = world.chat(here, message="Oi", state=ChatState.GATHERING, **waiting)
        keys = {"keys": last.keys(assistant.id), "fingerprint": last.fingerprint()}
        died = world.chat(
            here, message=last.text, state=ChatState.ANSWERING, **{**waiting, **keys, "until": world.now()}
        )
        for chat in (early, died):
            world.rows.conversation_queue.join(chat, 21)
        world.rows.messages.merge(early.id, died.id)
        try:
            town.process(fate).answer(assistant, last)
        except Killed:
            world.clock.advance(minutes=1)

        reply = town.process().answer(assistant, last)

        assert reply.chat.response == "Resposta.", fate.struck_at
        assert seen(town.model.questions[-1]) == ["Oi", "Qual o prazo?"], fate.struck_at
        assert [row["message"] for row in town.rows_of(assistant)] == ["Oi", "Qual o prazo?"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", [Killed, AutoReconnect])
def test_a_hand_over_is_told_whatever_happened_when_it_was_first_sent(
    world: World, town: Town, error: type[BaseException], after: bool
) -> None:
    for fate in fates(error, after=after):
        assistant = world.assistant()
        first = town.process(fate)
        town.model.answers.extend([HANDS_OVER, HANDS_OVER])
        try:
            first.answer(assistant, message("Desconto?"))
        except error:
            world.clock.advance(minutes=1)
        fate.passes()

        reply = (town.process() if error is Killed else first).answer(assistant, message("Desconto?"))

        assert reply.chat.handover_reason == "Desconto", fate.struck_at
        assert not reply.chat.active
        (row,) = town.rows_of(assistant)
        assert row["response"] == reply.chat.response
        town.model.answers.clear()
        with pytest.raises(ChatInactiveError):
            town.process().answer(assistant, message("Alô?"))


def test_a_customer_who_was_promised_a_person_is_not_answered_by_the_assistant(world: World, town: Town) -> None:
    """Nobody delivers the message again after a crash."""
    for fate in fates(Killed, after=False):
        assistant = world.assistant()
        town.model.answers.append(HANDS_OVER)
        try:
            town.process(fate).answer(assistant, message("Desconto?"))
        except Killed:
            world.clock.advance(minutes=1)
        town.model.answers.clear()

        (row,) = town.rows_of(assistant) or [{"response": ""}]
        if row["response"]:
            with pytest.raises(ChatInactiveError):
                town.process().answer(assistant, message("Alô?"))


@pytest.mark.parametrize("after", [False, True])
def test_a_deactivation_that_was_cut_off_voids_the_answers_under_way_when_it_comes_again(
    world: World, town: Town, after: bool
) -> None:
    for fate in fates(Killed, after=after):
        assistant, channel = world.assistant(), Channel("+55", "Whatsapp")
        here = world.conversation(
            id=conversation_id_of(assistant.id, channel), assistant_id=assistant.id, channel=channel
        )
        under_way = world.chat(here, state=ChatState.ANSWERING, until=world.now() + timedelta(minutes=5))
        world.rows.conversation_queue.join(under_way, 21)
        deactivating = replace(message("Deixe comigo"), deactivate=True)
        with pytest.raises((Killed, ChatInactiveError)):
            town.process(fate).answer(assistant, deactivating)
        world.clock.advance(minutes=1)

        with pytest.raises(ChatInactiveError):
            town.process().answer(assistant, deactivating)

        assert not world.rows.messages.answer(replace(under_way, response="Olá!"), 0, world.clock()), fate.struck_at

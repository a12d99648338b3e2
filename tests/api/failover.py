"""What people do while the database fails: each succeeds, or is told 503 and succeeds the second time.

`SCENARIOS` are run by tests/api/test_failover.py at some commands and by tests/stress/test_failover.py at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.domain.ids import new_id
from app.repositories.dialect import MongoDialect
from app.repositories.mongo import connect
from tests.api.crowd import wait_until
from tests.api.house import PASSWORD, Caller, House, assert_error, open_house
from tests.fakes.database import with_options
from tests.fakes.replica_set import Command, Fault, ReplicaSet, Strike, faults, running_replica_set

REQUEST = "Quero falar com um atendente"
REASON = "O cliente quer negociar um desconto."
_ELECTION_SECONDS = 0.02

FAULTS: dict[str, Callable[[ReplicaSet], Fault]] = {
    "step-down": lambda members: faults.before(lambda: members.step_down(_ELECTION_SECONDS)),
    "step-down after execution": lambda members: faults.after(lambda: members.step_down(_ELECTION_SECONDS)),
    "crash": lambda members: faults.before(lambda: members.crash(_ELECTION_SECONDS)),
    "lost request": lambda members: faults.lost_request,
    "lost reply": lambda members: faults.lost_reply,
    "not confirmed": lambda members: faults.not_confirmed(),
    "time limit": lambda members: faults.refused(50),
    "overload": lambda members: faults.refused(8000),
}


@dataclass
class Town:
    """A service on a replica set: Ana owns the assistant that its gateway brings messages to."""

    members: ReplicaSet
    house: House
    ana: Caller
    assistant: dict[str, Any]
    gateway: Caller

    def strikes(self, fault: Fault, *, step: int = 1) -> Iterator[Strike]:
        """The fault at each command of what is done in turn, or at each `step`th."""
        return self.members.at_each_command(fault, _is_of_a_request, step=step)

    def ask(self, strike: Strike, request: Callable[[], TestResponse], *repeated: int) -> TestResponse:
        """Make a request at which the database fails, and once more if it was told 503.

        The second time one of the `repeated` statuses is right, too.
        """
        response = request()
        strike.disarm()
        if response.status_code == 503:
            assert_error(response, 503, "database_unavailable")
            assert int(response.headers["Retry-After"]) > 0
            self.members.wait_for_primary()
            response = request()
            if response.status_code in repeated:
                return response
        assert response.status_code in {200, 201}, (str(strike.struck), response.text)
        return response


@contextmanager
def town_on_replica_set(folder: Path, options: str = "", *, lag: float = 0.0) -> Iterator[Town]:
    """A town; `options` are added to the URI, and secondaries are `lag` seconds late."""
    with running_replica_set(lag=lag) as members:
        database = connect(with_options(members.uri, options), f"test_{new_id()}")
        with open_house(database, folder, dialect=MongoDialect()) as house:
            ana = house.newcomer("Ana")
            assistant = ana.make_assistant()
            yield Town(members, house, ana, assistant, house.gateway(assistant["api_key"]))
        database.client.close()


def a_message(town: Town, strike: Strike) -> None:
    """It is stored once and answered once."""
    phone, model = new_phone(), town.house.model
    model.questions.clear()

    chat = town.ask(strike, lambda: town.gateway.say("Oi", phone, message_id=phone)).json

    assert chat is not None
    assert chat["response"] == "Resposta."
    assert _chats(town, phone) == [chat]
    assert len(model.questions) <= 2, str(strike.struck)
    follow_up = town.gateway.chat("E agora?", phone)
    assert follow_up["response"] == "Resposta."
    assert [turn.message for turn in model.questions[-1].history] == ["Oi"], str(strike.struck)


def a_request_for_a_person(town: Town, strike: Strike) -> None:
    """Whoever asks for a person is told that one comes, and gets no other answer."""
    _hand_over(town, strike, REQUEST)


def a_hand_over_by_the_model(town: Town, strike: Strike) -> None:
    """Whom the model hands over is told, too."""
    answer = Answer("", Tokens(20, 8), "fake", handover_reason=REASON)
    town.house.model.answers.extend([answer, answer])
    _hand_over(town, strike, "Faz por 10 reais?")
    town.house.model.answers.clear()


def _hand_over(town: Town, strike: Strike, text: str) -> None:
    phone = new_phone()

    chat = town.ask(strike, lambda: town.gateway.say(text, phone, message_id=phone)).json

    assert chat is not None
    assert (chat["handover"], chat["active"]) == (True, False), str(strike.struck)
    assert chat["response"].strip()
    assert _chats(town, phone) == [chat]
    assert_error(town.gateway.say("Alô?", phone), 409, "chat_inactive")


def a_take_over(town: Town, strike: Strike) -> None:
    """A person takes a conversation over, and its chats say so."""
    _switch(town, strike, active=False)


def a_return(town: Town, strike: Strike) -> None:
    """A person gives a conversation back."""
    _switch(town, strike, active=True)


def _switch(town: Town, strike: Strike, *, active: bool) -> None:
    phone = new_phone()
    with strike.paused():
        town.gateway.chat("Oi", phone)
        _put(town, phone, active=not active)

    town.ask(strike, lambda: _put(town, phone, active=active))

    (chat,) = _chats(town, phone)
    assert chat["active"] is active
    listed = town.ana.get(f"/chats/{'listarAtivos' if active else 'listarInativos'}?channel_id=%2B{phone[1:]}").json
    assert listed == [chat], str(strike.struck)
    assert town.gateway.say("E agora?", phone).status_code == (200 if active else 409)


def _put(town: Town, phone: str, *, active: bool) -> TestResponse:
    return town.ana.put(f"/chats/{'ativar' if active else 'desativar'}/{phone}")


def a_persons_message(town: Town, strike: Strike) -> None:
    """What a person wrote is recorded once, and the assistant is silent."""
    phone = new_phone()
    body = {"id": phone, "message_service": "Whatsapp", "message": "Aqui é a Ana.", "message_id": phone}

    town.ask(strike, lambda: town.gateway.post("/chats/mensagemHumana", body))

    (chat,) = _chats(town, phone)
    assert (chat["response"], chat["active"]) == ("Aqui é a Ana.", False), str(strike.struck)
    assert_error(town.gateway.say("Alô?", phone), 409, "chat_inactive")


def an_upload(town: Town, strike: Strike) -> None:
    """A document is there once, becomes ready, and its words are found."""
    name, word = f"{new_id()}.md", f"palavra{new_id()}"

    town.ask(strike, lambda: town.ana.send_file(town.assistant["_id"], f"# Prazo\nO prazo é {word}.", name))

    work_is_done(town)
    (document,) = [one for one in _documents(town) if one["filename"] == name]
    assert (document["status"], document["chunks"]) == ("ready", 1), str(strike.struck)
    search = town.ana.post(f"/assistants/search/{town.assistant['_id']}", {"query": word}).json or []
    assert name in str(search), str(strike.struck)


def a_new_version(town: Town, strike: Strike) -> None:
    """It takes the place of the old one; nothing of that is left."""
    name, old, new = f"{new_id()}.md", f"velha{new_id()}", f"nova{new_id()}"
    with strike.paused():
        first = town.ana.upload(town.assistant["_id"], f"# Prazo\n{old}", name)
        work_is_done(town)

    town.ask(strike, lambda: town.ana.send_file(town.assistant["_id"], f"# Prazo\n{new}", name))

    work_is_done(town)
    (document,) = [one for one in _documents(town) if one["filename"] == name]
    assert (document["_id"], document["status"]) == (first["_id"], "ready"), str(strike.struck)
    chunks = town.ana.get(f"/documents/chunks/{first['_id']}").text
    assert (new in chunks, old in chunks) == (True, False), str(strike.struck)


def a_documents_deletion(town: Town, strike: Strike) -> None:
    """It is gone with its chunks; a repetition may say that there is no such document."""
    with strike.paused():
        document = town.ana.upload(town.assistant["_id"], "Texto.", f"{new_id()}.md")
        work_is_done(town)

    town.ask(strike, lambda: town.ana.delete(f"/documents/delete/{document['_id']}"), 404)

    town.house.sweep()
    assert town.ana.get(f"/documents/get/{document['_id']}").status_code == 404
    assert not town.house.rows.chunks.exist_of(document["_id"]), str(strike.struck)


def a_conversations_deletion(town: Town, strike: Strike) -> None:
    """It is gone with its chats."""
    phone = new_phone()
    with strike.paused():
        town.gateway.chat("Oi", phone)
        (conversation,) = town.ana.get(f"/conversations/list?q=%2B{phone[1:]}").json or []

    town.ask(strike, lambda: town.ana.delete(f"/conversations/delete/{conversation['_id']}"), 404)

    town.house.sweep()
    assert _chats(town, phone) == [], str(strike.struck)


def an_assistants_deletion(town: Town, strike: Strike) -> None:
    """It is gone with all it had."""
    with strike.paused():
        doomed = town.ana.make_assistant()
        town.ana.upload(doomed["_id"], "Texto.")
        town.house.gateway(doomed["api_key"]).chat("Oi", new_phone())
        work_is_done(town)

    town.ask(strike, lambda: town.ana.delete(f"/assistants/delete/{doomed['_id']}"), 404)

    town.house.sweep()
    assert set(town.house.rows_of(doomed["_id"]).values()) == {0}, str(strike.struck)


def a_registration(town: Town, strike: Strike) -> None:
    """Who registered can sign in; a repetition may say that the address is taken."""
    email = f"{new_id()}@example.com"
    body = {"name": "Bia", "email": email, "password": PASSWORD}

    town.ask(strike, lambda: town.house.anyone().post("/auth/register", body), 409)

    assert town.house.sign_in(email).get("/assistants/list").status_code == 200, str(strike.struck)


def a_change_of_settings(town: Town, strike: Strike) -> None:
    """It is made, and nothing else is changed."""
    with strike.paused():
        before = town.ana.make_assistant()
    name, path = f"Loja {new_id()}", f"/{before['_id']}"

    town.ask(strike, lambda: town.ana.put(f"/assistants/update{path}", {"name": name, "history_turns": 3}))

    after = town.ana.get(f"/assistants/get{path}").json
    assert after == {**before, "name": name, "history_turns": 3}, str(strike.struck)


SCENARIOS: dict[str, Callable[[Town, Strike], None]] = {
    "a message": a_message,
    "a request for a person": a_request_for_a_person,
    "a hand-over by the model": a_hand_over_by_the_model,
    "a take-over": a_take_over,
    "a return": a_return,
    "a person's message": a_persons_message,
    "an upload": an_upload,
    "a new version": a_new_version,
    "a document's deletion": a_documents_deletion,
    "a conversation's deletion": a_conversations_deletion,
    "an assistant's deletion": an_assistants_deletion,
    "a registration": a_registration,
    "a change of settings": a_change_of_settings,
}


def new_phone() -> str:
    """A channel nobody has written from."""
    return f"+55{int(new_id(), 16) % 10**11:011}"


def _is_of_a_request(command: Command) -> bool:
    return command.name != "ping"


def _chats(town: Town, phone: str) -> list[dict[str, Any]]:
    found = town.ana.get(f"/chats/list?channel_id=%2B{phone[1:]}")
    assert found.status_code == 200, found.text
    return list(found.json or [])


def _documents(town: Town) -> list[dict[str, Any]]:
    return list(town.ana.get(f"/documents/list?assistant_id={town.assistant['_id']}&limit=500").json or [])


def work_is_done(town: Town) -> None:
    """Return when no document waits; whoever lost the database at work is followed by another in two minutes."""

    def nothing_waits() -> bool:
        town.house.clock.advance(minutes=2)
        town.house.sweep()
        return not town.house.rows.queue.has_work()

    if town.house.rows.queue.has_work():
        wait_until(nothing_waits)

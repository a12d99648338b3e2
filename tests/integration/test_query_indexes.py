"""Every query that a request, a sweep or a start causes is answered by an index, as the database explains it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandListener, CommandStartedEvent

from app.domain.answers import Answer
from app.domain.conversations import ConversationFilter, Tokens
from app.domain.errors import ModelFailedError
from app.domain.ids import new_id
from app.domain.labels import Label
from app.domain.media import TakenMedia, media_id
from app.repositories.dialect import MongoDialect
from app.services.mail import QueuedMailer
from tests.api.evaluations import begin, ended
from tests.api.house import PASSWORD, PHONE, Caller, House, open_house
from tests.fakes.database import dialect_of_tests
from tests.fakes.web_server import WebServer, reply
from tests.integration.query_plans import stages

Query = tuple[str, dict[str, Any], dict[str, int]]

OTHER = "+5511911111111"
# The few embedding models: all are wanted, so an index would spare nothing.
WANTED_WHOLE = {"embedding_models [] {}", "embedding_models [] {'_id': 1}"}
NOT_LOOKED_INTO = {"count", "distinct"}


class QueryLog(CommandListener):
    """Keeps the filter and order of every command."""

    def __init__(self) -> None:
        self.queries: list[Query] = []
        self.others: set[str] = set()

    def started(self, event: CommandStartedEvent) -> None:
        command = event.command
        if event.command_name == "find":
            self.queries.append((command["find"], dict(command["filter"]), dict(command.get("sort", {}))))
        elif event.command_name == "findAndModify":
            self.queries.append((command["findAndModify"], dict(command["query"]), dict(command.get("sort", {}))))
        elif event.command_name in {"update", "delete"}:
            steps = [*command.get("updates", []), *command.get("deletes", [])]
            self.queries += [(command[event.command_name], dict(step["q"]), {}) for step in steps]
        elif event.command_name == "aggregate":
            for step in command["pipeline"]:
                if "$match" in step:
                    self.queries.append((command["aggregate"], dict(step["$match"]), {}))
                elif "$lookup" in step:
                    self.queries.append((step["$lookup"]["from"], {step["$lookup"]["foreignField"]: None}, {}))
        elif event.command_name in NOT_LOOKED_INTO:
            self.others.add(event.command_name)

    def succeeded(self, event: object) -> None:
        """Not asked for."""

    def failed(self, event: object) -> None:
        """Not asked for."""


@dataclass(frozen=True)
class Used:
    """A database that a service has worked on, and what it asked, each kind of query once."""

    database: Database[dict[str, Any]]
    queries: dict[str, Query]
    others: set[str]


@pytest.fixture(scope="module")
def used(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Used]:
    log = QueryLog()
    client: MongoClient[dict[str, Any]] = MongoClient(database_uri, tz_aware=True, event_listeners=[log])
    name = f"test_{new_id()}"
    with open_house(client[name], tmp_path_factory.mktemp("used")) as house:
        use_everything(house)
        yield Used(house.database, {shape(query): query for query in log.queries}, set(log.others))
    client.drop_database(name)
    client.close()


def use_everything(house: House) -> None:
    """Call every route, as an owner and as an administrator, and sweep after crashes."""
    house.register("Ada", "ada@example.com")
    house.register("Ana", "ana@example.com")
    ada, ana = house.sign_in("ada@example.com"), house.sign_in("ana@example.com")
    house.anyone().post("/auth/login", {"email": "ana@example.com", "password": "wrong"})
    look_after_people(house, ada)
    assistant, doomed = ana.make_assistant(), ana.make_assistant()
    gateway = house.gateway(assistant["api_key"])
    prompt = ana.upload(assistant["_id"], "Seja breve.", "p.txt", "prompt")["_id"]
    document = [ana.upload(assistant["_id"], text) for text in ("Dois dias.", "Três dias.")][-1]["_id"]
    ana.upload(doomed["_id"], "Texto.")
    chats = [gateway.chat("Quantos dias?")["_id"] for _ in range(3)]
    gateway.say("Oi", OTHER, active=False)
    house.gateway(doomed["api_key"]).chat("Oi")
    for caller in (ada, ana):
        walk_lists(caller, assistant["_id"])
        caller.put(f"/chats/desativar/{chats[0]}")
        caller.put(f"/chats/ativar/{PHONE}?assistant_id={assistant['_id']}")
        caller.put(f"/assistants/update/{assistant['_id']}", {"name": "Nova"})
    for path in ("download", "path/get", "chunks"):
        ana.get(f"/documents/{path}/{document}")
    work_on_documents(house, ana, assistant["_id"], document)
    deliver_in_every_way(house, ana, gateway, assistant["_id"])
    write_to_customers(house, ana, gateway, assistant["_id"])
    erase_conversations(house, ana, gateway)
    use_the_inbox(house, ana, assistant["_id"])
    tell_webhooks(house, ana, gateway, assistant["_id"])
    look_for_files(house, ana)
    talk_on_a_site(house, ana, assistant["_id"])
    use_workshop(house, ana, gateway, assistant["_id"])
    ada.put(f"/assistants/update/{assistant['_id']}", {"owner_id": ada.id})
    ada.delete(f"/documents/delete/{prompt}")
    house.rows.documents.mark_deleted(document, house.clock())
    ana.delete(f"/assistants/delete/{doomed['_id']}")
    conversation = house.rows.conversations.with_channel(PHONE, ConversationFilter())[0]
    house.rows.conversations.switch(conversation, conversation.epoch)
    walk_lists(ana, None)
    retire_a_model(house)
    count_usage(house, ada, ana, assistant["_id"])
    house.services.metrics.state.refresh()
    house.rows.messages.release_interrupted("interrupted")
    house.sweep()
    house.clock.advance(minutes=16)
    house.sweep()


def talk_on_a_site(house: House, ana: Caller, assistant_id: str) -> None:
    """A visitor is answered by the widget, and the conversation is erased."""
    site = {"Origin": "https://loja.example"}
    body = {"assistant_id": assistant_id, "kind": "web", "name": "Site", "origins": site["Origin"]}
    channel = ana.post("/channels/add", body).json or {}
    widget, visitor = f"/widget/{channel['script'].split(chr(34))[3]}", house.anyone()
    token = (visitor.post(f"{widget}/sessions", {}, headers=site).json or {})["token"]
    visitor.headers |= {**site, "Authorization": f"Bearer {token}"}
    visitor.post(f"{widget}/messages", {"id": "message-1", "text": "Oi"})
    deadline = time.monotonic() + 60
    while not (visitor.get(f"{widget}/messages?after=1").json or {})["messages"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    visitor.post(f"{widget}/seen", {"delivered": 2, "read": 2})
    ana.get(f"/outbox/list?channel_id={channel['_id']}")
    ana.post(f"/channels/check/{channel['_id']}")
    conversations = ana.get(f"/conversations/list?assistant_id={assistant_id}").json or []
    ana.delete(f"/conversations/delete/{conversations[0]['_id']}")
    house.services.channels.sweep()
    ana.delete(f"/channels/delete/{channel['_id']}")


def use_workshop(house: House, ana: Caller, gateway: Caller, assistant_id: str) -> None:
    """Change the prompt, correct, evaluate and publish, and look at what nobody knew."""
    for text in ("Um.", "Dois."):
        version = (ana.put(f"/prompts/update/{assistant_id}", {"text": text}).json or {})["_id"]
    for path in (f"get/{assistant_id}", f"versions/{assistant_id}?limit=1", f"diff/{version}"):
        ana.get(f"/prompts/{path}")
    ana.put(f"/prompts/note/{version}", {"note": "Dois"})
    ana.post(f"/assistants/ask/{assistant_id}", {"message": "Quantos dias?"})
    house.model.answers.extend(["Não sei informar.", "Não sei informar."])
    chats = [gateway.chat("Vendem pneus?", "+5521999999999")["_id"] for _ in range(2)]
    ana.post("/corrections/add", {"chat_id": chats[0], "answer": "Não vendemos."})
    group = ana.ids(f"/unanswered/list/{assistant_id}")[0]
    for path in ("done", "reopen"):
        ana.put(f"/unanswered/{path}/{group}")
    case = (ana.post(f"/evaluations/cases/{assistant_id}", {"question": "A?", "expected": "b"}).json or {})["_id"]
    ana.put(f"/evaluations/updateCase/{case}", {"expected": "c"})
    ana.get(f"/evaluations/cases/{assistant_id}", headers={"Accept": "text/csv"})
    for tried in ({}, {"prompt": "Três."}):
        run = ended(ana, begin(ana, {"_id": assistant_id}, **tried))["_id"]
    ana.put(f"/evaluations/verdict/{ana.ids(f'/evaluations/results/{run}')[0]}", {"verdict": "right"})
    ana.get(f"/evaluations/runs/{assistant_id}?limit=1")
    for path in ("publish", "cancel"):
        ana.post(f"/evaluations/{path}/{run}", {})
    ana.delete(f"/evaluations/deleteCase/{case}")
    ana.delete(f"/evaluations/delete/{run}")
    ana.delete(f"/conversations/delete/{(ana.get(f'/chats/get/{chats[0]}').json or {})['conversation_id']}")
    house.rows.evaluation_runs.release_all()
    house.rows.prompt_versions.keep_newest(assistant_id, 1)


def look_after_people(house: House, ada: Caller) -> None:
    """Sign in over a limit and out; list, change and delete users."""
    bia = house.newcomer("Bia")
    house.sign_in(bia.email)
    for _ in range(11):
        house.anyone().post("/auth/login", {"email": bia.email, "password": "wrong"})
    house.sign_in(bia.email).post("/auth/logout")
    bia.put("/auth/password", {"current_password": PASSWORD, "new_password": "outra senha comprida"})
    ada.pages("/users/list?limit=1")
    for change in ({"is_admin": True}, {"blocked": True}, {"is_admin": False}):
        ada.put(f"/users/update/{bia.id}", change)
    token = (ada.post(f"/users/resetLink/{bia.id}").json or {})["token"]
    house.anyone().post("/auth/resetPassword", {"token": token, "password": PASSWORD})
    send_mails(house)
    ada.delete(f"/users/delete/{bia.id}")


def count_usage(house: House, ada: Caller, ana: Caller, assistant_id: str) -> None:
    """Set prices and a budget, which is spent at once, and rebuild."""
    ada.put("/prices", {"prices": [{"model": "*", "currency": "BRL", "in_per_million": 1, "out_per_million": 1}]})
    ada.put(f"/assistants/update/{assistant_id}", {"monthly_budget_brl": "0.01", "when_exhausted": "extractive"})
    for caller in (ada, ana):
        for by in ("day", "assistant", "model"):
            caller.get(f"/usage?by={by}&limit=1")
    gateway = house.gateway((ada.get(f"/assistants/get/{assistant_id}").json or {})["api_key"])
    house.model.answers.append(Answer("Olá!", Tokens(100_000, 0), "fake"))
    for number in range(3):
        gateway.chat("Oi", f"+55{number}")
    house.services.usage.rebuild.rebuild(assistant_id)


def send_mails(house: House) -> None:
    """One that is sent, and one that has to wait."""
    outbox = house.rows.mail_outbox
    mailer = QueuedMailer(outbox, house.rows.attempts, house.clock)
    for text in ("1", "2"):
        mailer.send(f"{text}@example.com", "Oi", text)
    for queued in outbox.due(house.clock(), 2):
        assert outbox.lease(queued, house.clock())
        outbox.postpone(queued.id, house.clock())
        outbox.remove(queued.id)


def retire_a_model(house: House) -> None:
    """As when a third embedding model came."""
    models = house.rows.embedding_models
    assert models.is_needed("hashing-64")
    document_ids = models.documents_of("hashing-64", 200)
    house.rows.chunks.delete_of_model(document_ids, "another")
    models.retire("another", document_ids)


def work_on_documents(house: House, ana: Caller, assistant_id: str, document_id: str) -> None:
    """Search, change, fetch again, stop and repeat."""
    ana.post(f"/assistants/search/{assistant_id}", {"query": "Quantos dias?"})
    ana.get(f"/assistants/knowledge/{assistant_id}")
    ana.put(f"/documents/update/{document_id}", {"valid_until": "2030-01-01T00:00:00Z"})
    broken = ana.upload(assistant_id, b"no zip", "a.docx")["_id"]
    for path in ("cancel", "retry", "cancel"):
        ana.put(f"/documents/{path}/{broken}")
    with WebServer({"/": reply(b"Texto.")}) as web:
        ana.post("/documents/addUrl", {"url": web.url(), "assistant_id": assistant_id, "refresh_hours": 1})
        house.clock.advance(minutes=61)
        house.services.page_refresh.run_once()


def walk_lists(caller: Caller, assistant_id: str | None) -> None:
    narrowed = [f"?limit=1&assistant_id={assistant_id}"] if assistant_id else []
    for path in (
        "/chats/list",
        "/chats/listarAtivos",
        "/chats/listarInativos",
        "/documents/list",
        "/conversations/list",
    ):
        for query in ("?limit=1", *narrowed):
            caller.pages(path + query)
    for query in (f"?channel_id=%2B{PHONE[1:]}&limit=1", f"?channel_id=%2B{PHONE[1:]}&assistant_id={assistant_id}"):
        caller.get(f"/chats/list{query}")
        caller.get(f"/chats/listarAtivos{query}")
    caller.pages("/documents/list?type=rag&limit=1")
    caller.pages("/assistants/list?limit=1")
    for query in ("", *narrowed):
        for narrower in (
            "",
            f"&user_id={caller.id}",
            "&action=auth.login",
            f"&user_id={caller.id}&action=key.create",
        ):
            caller.get(f"/audit/list{query or '?limit=1'}{narrower}")
    for query in ("?limit=1", *narrowed):
        for narrower in ("&active=true", "&active=false", "&q=a", "&q=%2B55&active=true"):
            caller.pages(f"/conversations/list{query}{narrower}")
    for conversation_id in caller.ids("/conversations/list"):
        caller.get(f"/conversations/get/{conversation_id}?limit=1")


def deliver_in_every_way(house: House, ana: Caller, gateway: Caller, assistant_id: str) -> None:
    """Repeated, failing, timed out, taken over, handed over, in line, and several at once."""
    by_header = {"headers": {"Idempotency-Key": "key-1"}}
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Oi"}
    house.model.answers.append(ModelFailedError("No."))
    for _ in range(3):
        gateway.say("Oi", message_id="1", username="Maria Silva")
        gateway.post("/chats/enviarMensagemLLM", body, **by_header)
    house.model.answers.append(lambda: str(ana.apart().put(f"/chats/desativar/{PHONE}")))
    gateway.say("Oi")
    ana.put(f"/chats/ativar/{PHONE}")
    gateway.chat("Quero falar com um atendente")
    ana.put(f"/chats/ativar/{PHONE}")
    gateway.post("/chats/enviarMensagemLLM", body, headers={"Accept": "text/event-stream"}).get_data()
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda caller: caller.say("Oi"), (gateway.apart(), gateway.apart())))
        ana.put(f"/assistants/update/{assistant_id}", {"burst_quiet_seconds": 0.5})
        list(threads.map(lambda caller: caller.say("Oi"), (gateway.apart(), gateway.apart())))
        ana.put(f"/assistants/update/{assistant_id}", {"burst_quiet_seconds": 0})
    house.clock.advance(days=8)
    gateway.say("Oi", message_id="1", username="Maria Silva")


def write_to_customers(house: House, ana: Caller, gateway: Caller, assistant_id: str) -> None:
    """As a person; and then nobody does for so long that the assistant answers again."""
    ana.put(f"/assistants/update/{assistant_id}", {"auto_reactivate_hours": 1})
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."}
    for query in ("", f"?assistant_id={assistant_id}"):
        ana.post(f"/chats/mensagemHumana{query}", body)
    gateway.post("/chats/mensagemHumana", body)
    house.clock.advance(hours=2)
    gateway.chat("Alguém aí?")


def erase_conversations(house: House, ana: Caller, gateway: Caller) -> None:
    """One that is quiet, one while its message is answered, one that a crash cut off."""
    gateway.say("Oi", OTHER, message_id="2")
    erase = f"/conversations/delete/{newest_conversation(ana)}"
    ana.delete(erase)
    house.model.answers.append(lambda: str(ana.apart().delete(erase)))
    gateway.say("Oi", OTHER, message_id="2")
    gateway.say("Oi", OTHER)
    stored = house.rows.conversations.by_id(newest_conversation(ana))
    assert stored is not None
    house.rows.erasures.order(stored, new_id())


def use_the_inbox(house: House, ana: Caller, assistant_id: str) -> None:
    """What operators do beside the messages, and look for."""
    label, conversation_id = new_id(), newest_conversation(ana)
    house.rows.labels.add(Label(label, assistant_id, "VIP", "#000000", house.clock()))
    path = f"/conversations/labels/{conversation_id}"
    ana.put(path, {"label_ids": [label]})
    for query in (f"label_id={label}", "unread=true", "answering=person", f"changed_since={_lately()}", "q=maria"):
        ana.get("/conversations/list", query_string=query)
    for query in (f"around={ana.ids('/chats/list')[0]}", f"after={new_id()}", f"changed_since={_lately()}"):
        ana.get(f"/conversations/get/{conversation_id}", query_string=query)
    ana.post(f"/conversations/read/{conversation_id}", {"chat_id": new_id()})
    note = ana.post(f"/conversations/notes/{conversation_id}", {"text": "Liga de manhã."}).json or {}
    ana.pages(f"/conversations/notes/{conversation_id}?limit=1")
    ana.delete(f"/conversations/notes/{conversation_id}?note_id={note['_id']}")
    for presence in ({}, {"gone": True}):
        ana.post(f"/conversations/presence/{conversation_id}", presence)
    replies = f"/assistants/cannedReplies/{assistant_id}"
    reply = ana.post(replies, {"shortcut": "oi", "text": "Olá!"}).json or {}
    ana.put(f"{replies}?reply_id={reply['_id']}", {"text": "Oi!"})
    ana.delete(f"{replies}?reply_id={reply['_id']}")
    house.services.inbox.indexing.run_once()
    house.rows.conversation_names.find([assistant_id], "maria")
    for query in ("q=quantos", f"q=quantos+dias&assistant_id={assistant_id}&limit=1"):
        ana.pages(f"/chats/search?{query}")
    ana.delete(f"/assistants/labels/{assistant_id}?label_id={label}")


def _lately() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell_webhooks(house: House, ana: Caller, gateway: Caller, assistant_id: str) -> None:
    """Add webhooks, tell them of things, look at what came of it, and delete them."""
    path = f"/assistants/webhooks/{assistant_id}"
    webhook_ids = [ana.post(path, {"url": "https://nowhere.invalid/"}).json["_id"] for _ in range(2)]  # type: ignore[index]
    chat = gateway.chat("Oi", OTHER)
    for switch in ("desativar", "ativar"):
        ana.put(f"/chats/{switch}/{chat['_id']}")
    house.services.webhooks.messages.run()
    deliveries = f"/assistants/webhookDeliveries/{assistant_id}?limit=1"
    for query in (
        "",
        "&state=pending",
        f"&webhook_id={webhook_ids[0]}",
        f"&webhook_id={webhook_ids[0]}&state=failed",
    ):
        ana.pages(deliveries + query)
    for delivery in ana.get(deliveries).json or []:
        ana.post(f"/assistants/resendWebhook/{assistant_id}", {"delivery_id": delivery["_id"]})
    house.sweep()
    house.rows.webhook_deliveries.pending(webhook_ids, house.clock(), 9)
    house.rows.webhook_deliveries.trim(webhook_ids[0])
    house.rows.webhooks.disable(assistant_id, webhook_ids[0], house.clock())
    house.rows.webhook_deliveries.give_up_of_webhook(webhook_ids[0], "Gone.", house.clock())
    for webhook_id in webhook_ids:
        ana.delete(f"{path}?webhook_id={webhook_id}")


def look_for_files(house: House, ana: Caller) -> None:
    file_id = media_id(new_id(), 0)
    ana.get(f"/chats/media/{file_id}")
    house.rows.media.known([file_id])
    house.rows.inbox.took(new_id(), TakenMedia((), needs_person=False))


def newest_conversation(caller: Caller) -> str:
    return caller.ids("/conversations/list?limit=1")[0]


def shape(query: Query) -> str:
    """What makes two queries ask for the same plan."""
    collection, wanted, order = query
    parts = [f"{name}:{sorted(value) if isinstance(value, dict) else '='}" for name, value in wanted.items()]
    return f"{collection} {parts} {order}"


def plan_of(database: Database[dict[str, Any]], query: Query) -> list[str]:
    """The steps by which the database answers a query.

    An index that answers a part of the conditions answers the whole: the rest is a filter on what it found. The
    embedded database does so, but explains only conditions that are all in the index; so those are tried too.
    """
    collection, wanted, _ = query
    plan: list[str] = []
    for part in (wanted, *parts_with_an_index(database, collection, wanted)):
        plan = stages(database[collection].find(part).explain())
        if "COLLSCAN" not in plan:
            return plan
    return plan


def parts_with_an_index(
    database: Database[dict[str, Any]], collection: str, wanted: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """The conditions on the first field, the first two… of each index."""
    for index in database[collection].index_information().values():
        keys = list(dict(index["key"]))
        for length in range(1, len(keys) + 1):
            fields = {*keys[:length], *index.get("partialFilterExpression", {})}
            part = {name: value for name, value in wanted.items() if name in fields}
            if part:
                yield part


def test_no_query_reads_a_whole_collection(used: Used) -> None:
    plans = {name: plan_of(used.database, query) for name, query in used.queries.items()}

    assert len(plans) > 70
    scans = {name for name, plan in plans.items() if "COLLSCAN" in plan}
    assert scans - read_by_id(used) == WANTED_WHOLE
    assert used.others == set()


def read_by_id(used: Used) -> set[str]:
    """What MongoDB reads by its index on `_id`, though an embedded database behind a simulated set scans for it."""
    by_id = {name for name, (_, wanted, _) in used.queries.items() if set(wanted) == {"_id"}}
    return by_id if isinstance(dialect_of_tests(), MongoDialect) else set()


def test_every_page_is_read_in_the_order_of_an_index(used: Used) -> None:
    """MongoDB then stops at the limit, however many rows there are."""
    pages = {name: query for name, query in used.queries.items() if query[2]}

    assert len(pages) > 20
    for name, (collection, wanted, order) in pages.items():
        (key,) = order
        equal = {field for field, value in wanted.items() if not isinstance(value, dict)}
        indexes = [list(dict(one["key"])) for one in used.database[collection].index_information().values()]
        assert any(keys[-1] == key and set(keys[:-1]) <= equal for keys in indexes if keys != [key] or not equal), (
            name
        )


def test_a_query_without_an_index_would_be_seen(used: Used) -> None:
    assert "COLLSCAN" in plan_of(used.database, ("users", {"name": "Ada", "password_hash": "x"}, {}))

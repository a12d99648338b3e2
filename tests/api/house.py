"""A whole service for tests to talk to, and callers to talk with."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from bson import ObjectId
from flask.testing import FlaskClient
from pymongo.database import Database
from werkzeug.test import TestResponse

from app.domain.channels import ChannelKind
from app.domain.embeddings import EmbeddingSetting
from app.domain.ids import new_id
from app.domain.rows import Row
from app.domain.users import User
from app.factory import create_app
from app.knowledge.embedding import Embedder
from app.net.page_fetcher import PageFetcher
from app.repositories.dialect import Dialect
from app.repositories.own_writes import OwnWrites
from app.routes.authentication import token_for
from app.security.keys import KeyVault
from app.security.passwords import PasswordHasher
from app.services.channels.provider import Provider
from app.services.ports.media import Transcribes
from app.settings import load_settings
from app.wiring import Engines, Services, compose
from app.wiring.repositories import Repositories, open_repositories
from app.wiring.tracing import TracingEngine
from tests.fakes.clock import FakeClock
from tests.fakes.database import dialect_of_tests, scratch_database
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.model import FakeModel
from tests.fakes.provider import FakeFields, FakeProvider

PASSWORD = "correct horse battery"
PHONE = "+5513988593464"
UNKNOWN_ID = "0123456789abcdef01234567"
BAD_IDS = (UNKNOWN_ID, "1", "0123456789ABCDEF01234567", "z" * 24, "ação", "a" * 2000)
ALLOWED_MODELS = (
    *("fake", "gpt-5-mini", "openai:gpt-5", "openai:gpt-5-mini", "meta-llama/Llama-3.3:free", "sabiá-3", "$where"),
)
SECRET = "a secret for tests, long enough to be one"

# Tests ask more often than any caller.
_NO_RATE_LIMITS = dict.fromkeys(
    (
        *("rate_limit_messages", "rate_limit_search", "rate_limit_uploads", "rate_limit_register"),
        *("rate_limit_reads", "rate_limit_visitors", "rate_limit_visitor_messages"),
    ),
    "100000/second",
)

_NEXT_PAGE = re.compile(r'<http://localhost(/[^>]+)>; rel="next"')


@dataclass
class Caller:
    """Somebody who makes requests; `headers` hold their credentials, `address` is where they call from."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)
    id: str = ""
    email: str = ""
    address: str = "127.0.0.1"

    def apart(self) -> "Caller":
        """The same person at another browser: a test client serves one thread."""
        return replace(self, client=self.client.application.test_client())

    def request(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        environ = {"REMOTE_ADDR": self.address}
        return self.client.open(path, method=method, headers=headers, environ_overrides=environ, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.request("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.request("POST", path, **_json(body), **options)

    def put(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.request("PUT", path, **_json(body), **options)

    def delete(self, path: str) -> TestResponse:
        return self.request("DELETE", path)

    def pages(self, path: str) -> list[list[dict[str, Any]]]:
        """A list, page by page, as its `Link` headers lead through it."""
        found: list[list[dict[str, Any]]] = []
        following: str | None = path
        while following:
            response = self.get(following)
            assert response.status_code == 200, response.text
            found.append(response.json or [])
            following = next_page(response)
        return found

    def ids(self, path: str) -> list[str]:
        """The ids of a list's first page."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return [entry["_id"] for entry in response.json or []]

    def make_assistant(self, name: str = "Loja") -> dict[str, Any]:
        response = self.post("/assistants/add", {"name": name})
        assert response.status_code == 201, response.text
        return dict(response.json or {})

    def send_file(
        self, assistant_id: str, content: bytes | str, filename: str = "rag.md", kind: str = "rag"
    ) -> TestResponse:
        data = content.encode() if isinstance(content, str) else content
        return self.send_form(file=(BytesIO(data), filename), type=kind, assistant_id=assistant_id)

    def send_form(self, **form: Any) -> TestResponse:
        return self.post("/documents/add", data=form, content_type="multipart/form-data")

    def upload(
        self, assistant_id: str, content: bytes | str, filename: str = "rag.md", kind: str = "rag"
    ) -> dict[str, Any]:
        response = self.send_file(assistant_id, content, filename, kind)
        assert response.status_code == 201, response.text
        return dict(response.json or {})

    def say(self, text: Any, channel: Any = PHONE, **fields: Any) -> TestResponse:
        """Deliver a customer's message, as a gateway."""
        body = {"id": channel, "message_service": "Whatsapp", "username": "Maria", "message": text, **fields}
        return self.post("/chats/enviarMensagemLLM", body)

    def chat(self, text: str, channel: str = PHONE, **fields: Any) -> dict[str, Any]:
        """The chat a customer's message became."""
        response = self.say(text, channel, **fields)
        assert response.status_code == 200, response.text
        return dict(response.json or {})


@dataclass
class House:
    """The service, its stand-ins, and where it keeps what."""

    services: Services
    client: FlaskClient
    model: FakeModel
    clock: FakeClock
    rows: Repositories
    database: Database[Row]
    documents: Path
    data: Path
    index: Path
    password_hash: str

    def anyone(self) -> Caller:
        return Caller(self.client)

    def register(self, name: str, email: str, password: str = PASSWORD) -> dict[str, Any]:
        response = self.anyone().post("/auth/register", {"name": name, "email": email, "password": password})
        assert response.status_code == 201, response.text
        return dict(response.json or {})

    def sign_in(self, email: str, password: str = PASSWORD) -> Caller:
        answer = self.anyone().post("/auth/login", {"email": email, "password": password}).json
        assert answer is not None
        token = {"Authorization": f"Bearer {answer['token']}"}
        return Caller(self.client, token, answer["user"]["id"], email)

    def newcomer(self, name: str) -> Caller:
        """Somebody new with a token: as by registering and signing in, but without the many writes of that."""
        email = f"{name.lower()}-{new_id()}@example.com"
        user = User(new_id(), name, email, self.password_hash, False, self.clock())
        self.rows.users.add(user)
        with self.client.application.app_context():
            token = {"Authorization": f"Bearer {token_for(user)}"}
        return Caller(self.client, token, user.id, email)

    def gateway(self, api_key: str) -> Caller:
        return Caller(self.client, {"X-API-Key": api_key})

    def sweep(self) -> None:
        """One round of the background tasks, now."""
        self.services.cleanup.run_once()

    def rows_of(self, assistant_id: str) -> dict[str, int]:
        """How many rows of an assistant each collection holds."""
        wanted = {"assistant_id": ObjectId(assistant_id)}
        names = ("documents", "chunks", "conversations", "chats")
        return {name: self.database[name].count_documents(wanted) for name in names}


@contextmanager
def open_house(
    database: Database[Row],
    folder: Path,
    *,
    embedder: Embedder | None = None,
    dialect: Dialect | None = None,
    tracing: TracingEngine | None = None,
    providers: Mapping[ChannelKind, Provider] | None = None,
    transcriber: Transcribes | None = None,
    writes: OwnWrites | None = None,
    prompt: Database[Row] | None = None,
    **settings: Any,
) -> Iterator[House]:
    """A service on an empty database, with these settings; `dialect` is that of the tests' database.

    `writes` are those of the database's connection, where the service is to know all of them. `prompt` is what the
    service has for the same database, where it does not wait.
    """
    model, clock = FakeModel(), FakeClock()
    embedder = embedder or HashingEmbedder()
    engines = Engines(
        database=database,
        dialect=dialect or dialect_of_tests(),
        embedder=embedder,
        embedding=EmbeddingSetting(embedder.model),
        open_embedder=lambda setting: HashingEmbedder(int(setting.model.partition("-")[2])),
        answerer=model,
        fetcher=PageFetcher(100_000, 5, is_allowed=lambda address: str(address) == "127.0.0.9"),
        passwords=PasswordHasher(rounds=4),
        clock=clock,
        secret=SECRET,
        index_folder=folder / "index",
        tracing=tracing or TracingEngine(),
        providers=providers or {},
        transcriber=transcriber,
        writes=writes,
        prompt=prompt,
    )
    places = {"data_dir": folder / "data", "documents_dir": folder / "documents", "mongodb_uri": None}
    chosen = load_settings(None, **{**places, **_NO_RATE_LIMITS, **settings})
    services = compose(chosen, engines)
    services.start()
    try:
        yield House(
            services=services,
            client=create_app(chosen, services).test_client(),
            model=model,
            clock=clock,
            rows=open_repositories(database, engines.dialect, KeyVault(SECRET), clock),
            database=database,
            documents=chosen.documents_dir,
            data=chosen.data_dir,
            index=engines.index_folder,
            password_hash=engines.passwords.hash(PASSWORD),
        )
    finally:
        services.stop()


@contextmanager
def usual_house(database_uri: str, folder: Path) -> Iterator[House]:
    """A service with settings as they come, which Ada administers. For those who read all that there is, as an
    export does, one of their own saves them what a thousand other tests have left in the shared one.
    """
    providers = {ChannelKind.TELEGRAM: Provider(FakeProvider(), FakeFields())}
    with (
        scratch_database(database_uri) as database,
        open_house(database, folder, providers=providers, allowed_models=ALLOWED_MODELS) as house,
    ):
        house.register("Ada", "ada@example.com")
        yield house


def _json(body: Any) -> dict[str, Any]:
    """As ASCII, so that anything can be sent, lone surrogates too."""
    return {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}


def next_page(response: TestResponse) -> str | None:
    """Where a list goes on, as its `Link` header says."""
    link = response.headers.get("Link")
    if link is None:
        return None
    found = _NEXT_PAGE.fullmatch(link)
    assert found, link
    return found[1]


def assert_error(response: TestResponse, status: int, code: str, *fields: str) -> str:
    """The answer is this error, in the one body all errors have, naming these fields; returns its sentence."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/json"
    body: dict[str, Any] = response.json or {}
    assert set(body) == ({"error", "code", "fields"} if fields else {"error", "code"}), body
    assert body["code"] == code
    assert body["error"].endswith("."), body
    assert "Traceback" not in response.text
    problems = body.get("fields", {})
    assert set(problems) == set(fields), problems
    assert all(isinstance(one, str) and one for said in problems.values() for one in said)
    return str(body["error"])


def assert_same_not_found(responses: Sequence[TestResponse]) -> None:
    """All are the same 404, so that nobody learns which ids exist."""
    for response in responses:
        assert_error(response, 404, "not_found")
    assert len({response.data for response in responses}) == 1, [response.text for response in responses]

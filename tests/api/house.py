"""A whole service for tests to talk to, and callers to talk with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from pymongo import MongoClient
from werkzeug.test import TestResponse

from app.domain.ids import new_id
from app.factory import create_app
from app.security.passwords import PasswordHasher
from app.settings import load_settings
from app.wiring import Engines, Services, compose
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.model import FakeModel

PASSWORD = "correct horse battery"
PHONE = "+5513988593464"


@dataclass
class Caller:
    """Somebody who makes requests; `headers` hold their credentials."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)
    id: str = ""
    email: str = ""

    def request(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.request("POST", path, **({"json": json} if json is not None else {}), **options)

    def put(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.request("PUT", path, **({"json": json} if json is not None else {}), **options)

    def delete(self, path: str) -> TestResponse:
        return self.request("DELETE", path)

    def make_assistant(self, name: str = "Loja") -> dict[str, Any]:
        response = self.post("/assistants/add", {"name": name})
        assert response.status_code == 201, response.text
        return dict(response.json or {})

    def upload(
        self,
        assistant_id: str,
        content: bytes | str,
        filename: str = "rag.md",
        kind: str = "rag",
        status: int = 201,
    ) -> dict[str, Any]:
        data = content.encode() if isinstance(content, str) else content
        form = {"file": (BytesIO(data), filename), "type": kind, "assistant_id": assistant_id}
        response = self.post("/documents/add", data=form, content_type="multipart/form-data")
        assert response.status_code == status, response.text
        return dict(response.json or {})

    def say(self, text: str, channel: str = PHONE, **fields: Any) -> TestResponse:
        """Deliver a customer's message, as a gateway."""
        body = {"id": channel, "message_service": "Whatsapp", "username": "Maria", "message": text, **fields}
        return self.post("/chats/enviarMensagemLLM", body)


@dataclass
class House:
    """The service, its stand-ins, and where it keeps its files."""

    services: Services
    client: FlaskClient
    model: FakeModel
    clock: FakeClock
    documents: Path

    def anyone(self) -> Caller:
        return Caller(self.client)

    def register(self, name: str, email: str) -> dict[str, Any]:
        response = self.anyone().post("/auth/register", {"name": name, "email": email, "password": PASSWORD})
        assert response.status_code == 201, response.text
        return dict(response.json or {})

    def sign_in(self, email: str) -> Caller:
        answer = self.anyone().post("/auth/login", {"email": email, "password": PASSWORD}).json
        assert answer is not None
        token = {"Authorization": f"Bearer {answer['token']}"}
        return Caller(self.client, token, answer["user"]["id"], email)

    def newcomer(self, name: str) -> Caller:
        email = f"{name.lower()}-{new_id()}@example.com"
        self.register(name, email)
        return self.sign_in(email)

    def gateway(self, api_key: str) -> Caller:
        return Caller(self.client, {"X-API-Key": api_key})


@contextmanager
def open_house(database_uri: str, folder: Path, **settings: Any) -> Iterator[House]:
    """A service on an empty database of its own, with these settings."""
    database: MongoClient[dict[str, Any]] = MongoClient(database_uri, tz_aware=True)
    name = f"test_{new_id()}"
    model, clock = FakeModel(), FakeClock()
    engines = Engines(
        database=database[name],
        embedder=HashingEmbedder(),
        answerer=model,
        passwords=PasswordHasher(rounds=4),
        clock=clock,
        secret="a secret for tests, long enough to be one",
        index_folder=folder / "index",
    )
    places = {"data_dir": folder / "data", "documents_dir": folder / "documents"}
    chosen = load_settings(None, **{**places, **settings})
    services = compose(chosen, engines)
    services.start()
    try:
        client = create_app(chosen, services).test_client()
        yield House(services, client, model, clock, chosen.documents_dir)
    finally:
        services.stop()
        database.drop_database(name)
        database.close()

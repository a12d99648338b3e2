"""Meta's Graph API on a real socket: as strict as Meta with what it is asked, and ill-behaved where it is told.

With `partner` it speaks as 360dialog does: no version, no number's id in paths, and a key in a header of its own.
"""

import contextlib
import json
import threading
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.domain.channels import AssistantChannel, ChannelKind
from tests.fakes.graph_replies import (
    Fault,
    GraphError,
    Reply,
    check_message,
    demand,
    demand_json,
    demand_that,
    error,
)
from tests.fakes.graph_webhooks import NUMBER_ID

_A_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Request:
    """What was asked; the names of `headers` are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass
class Media:
    """A file: its bytes, and what Graph tells of it before."""

    content: bytes
    mime_type: str = "image/jpeg"
    told_size: int | None = None
    url: str | None = None
    expired: bool = False


@dataclass
class GraphServer:
    """One app, one WhatsApp account, one number; a context manager.

    `sent` has the bodies of the messages it accepted, `ids` theirs in the same order. `faults` are used up one a
    message. With `calls_back` it asks a webhook's URL for its challenge before it takes it.
    """

    host: str = "127.0.0.1"
    partner: bool = False
    calls_back: bool = False
    version: str = "v25.0"
    number_id: str = NUMBER_ID
    account_id: str = "102290129340398"
    app_id: str = "670843887433847"
    access_token: str = "EAAJB1234567890token"
    app_secret: str = "0123456789abcdef0123456789abcdef"
    verify_token: str = "verify-me-0123456789"

    faults: deque[Fault] = field(default_factory=deque)
    sent: list[dict[str, Any]] = field(default_factory=list)
    typed: list[dict[str, Any]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)

    token: dict[str, Any] = field(default_factory=dict)
    numbers: list[dict[str, Any]] = field(default_factory=list)
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    subscribed: bool = False
    urls: dict[str, str] = field(default_factory=dict)
    partner_webhook: dict[str, Any] = field(default_factory=dict)
    health: dict[str, Any] = field(default_factory=dict)
    closed: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        scopes = ["whatsapp_business_management", "whatsapp_business_messaging", "public_profile"]
        granular = [{"scope": scope, "target_ids": [self.account_id]} for scope in scopes[:2]]
        self.token = {"app_id": self.app_id, "type": "SYSTEM_USER", "is_valid": True, "expires_at": 0}
        self.token |= {"scopes": scopes, "granular_scopes": granular}
        number = {"id": self.number_id, "display_phone_number": "+55 11 4002-8922"}
        self.numbers = [{**number, "status": "CONNECTED", "platform_type": "CLOUD_API"}]
        kinds = {"PHONE_NUMBER": self.number_id, "WABA": self.account_id, "BUSINESS": "1", "APP": self.app_id}
        entities = [
            {"entity_type": kind, "id": one, "can_send_message": "AVAILABLE"} for kind, one in kinds.items()
        ]
        self.health = {"can_send_message": "AVAILABLE", "entities": entities}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer((self.host, 0), _handler_of(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://{self.host}:{self.port}"

    @property
    def ids(self) -> list[str]:
        return [f"wamid.{number}" for number in range(1, len(self.sent) + 1)]

    def channel(self, **options: str) -> AssistantChannel:
        """A channel that is set up for this server; `options` take the place of its own."""
        own = {"phone_number_id": self.number_id, "base_url": self.url}
        secrets = {"access_token": self.access_token, "verify_token": self.verify_token}
        if self.partner:
            own |= {"auth_header": "D360-API-KEY"}
        else:
            own |= {"waba_id": self.account_id, "app_id": self.app_id, "graph_version": self.version}
            secrets |= {"app_secret": self.app_secret}
        return AssistantChannel(
            "c1", "a1", "u1", ChannelKind.WHATSAPP_CLOUD, "Loja", "hook123", _A_MOMENT, {**own, **options}, secrets
        )

    def block(self, entity_type: str, code: int, description: str, solution: str) -> None:
        """Let nothing be sent because of one of the four."""
        self.health["can_send_message"] = "BLOCKED"
        for entity in self.health["entities"]:
            if entity["entity_type"] == entity_type:
                told = {"error_code": code, "error_description": description, "possible_solution": solution}
                entity |= {"can_send_message": "BLOCKED", "errors": [told]}

    def answer(self, request: Request) -> Reply | None:
        """What is answered; None: the connection ends without an answer."""
        with self._lock:
            self.requests.append(request)
        try:
            route, as_app = self._route(request)
            self._authorize(request, as_app=as_app)
            return route(request)
        except GraphError as refusal:
            return refusal.reply

    def _route(self, request: Request) -> tuple[Callable[[Request], Reply | None], bool]:
        prefix = "" if self.partner else f"/{self.version}"
        number = "" if self.partner else f"/{self.number_id}"
        path = request.path.removeprefix(prefix) if request.path.startswith(f"{prefix}/") else ""
        routes: dict[str, Callable[[Request], Reply | None]] = {
            f"POST {number}/messages": self._messages,
            "GET /v1/configs/templates": lambda _: Reply(content={"waba_templates": self.templates}),
            "GET /v1/configs/webhook": lambda _: Reply(content=self.partner_webhook),
            "POST /v1/configs/webhook": self._partner_webhook,
            "GET /health_status": lambda _: Reply(content={"health_status": self.health, "id": self.number_id}),
        }
        if not self.partner:
            routes = {
                f"POST {number}/messages": self._messages,
                f"GET {number}": self._number,
                f"POST {number}": self._number_webhook,
                f"GET /{self.account_id}/phone_numbers": lambda _: Reply(content={"data": self.numbers}),
                f"GET /{self.account_id}/subscribed_apps": self._subscribed_apps,
                f"POST /{self.account_id}/subscribed_apps": self._subscribe_account,
                f"GET /{self.account_id}/message_templates": self._message_templates,
            }
        of_apps: dict[str, Callable[[Request], Reply | None]] = {
            "GET /debug_token": self._debug_token,
            f"GET /{self.app_id}/subscriptions": lambda _: Reply(content={"data": self.subscriptions}),
            f"POST /{self.app_id}/subscriptions": self._subscribe_app,
        }
        asked = f"{request.method} {path}"
        if not self.partner and asked in of_apps:
            return of_apps[asked], True
        if asked in routes:
            return routes[asked], False
        if request.method == "GET" and path.removeprefix("/") in self.media:
            return lambda _: self._told_of_media(path.removeprefix("/")), False
        if request.path == "/whatsapp_business/attachments/":
            return self._download, False
        raise GraphError(error(100, error_subcode=33))

    def _authorize(self, request: Request, *, as_app: bool) -> None:
        token = f"{self.app_id}|{self.app_secret}" if as_app else self.access_token
        name, wanted = ("d360-api-key", token) if self.partner else ("authorization", f"Bearer {token}")
        if request.headers.get(name) != wanted:
            raise GraphError(error(190, 401, message=f"Malformed access token {request.headers.get(name)}"))

    def _messages(self, request: Request) -> Reply | None:
        demand_json(request.headers, request.body)
        body = request.body
        if "status" in body:
            demand(body, {"messaging_product", "status", "message_id"}, {"typing_indicator"})
            demand_that(
                body["status"] == "read" and body.get("typing_indicator", {"type": "text"}) == {"type": "text"}
            )
            self.typed.append(body)
            return Reply(content={"success": True})
        check_message(body)
        with self._lock:
            fault = self.faults.popleft() if self.faults else None
            if fault is None or fault.accepts:
                self.sent.append(body)
            remote_id = f"wamid.{len(self.sent)}"
        if fault is not None and fault.hangs:
            self.closed.wait(60)
        if fault is not None:
            return fault.reply
        recipient = body.get("to") or body["recipient"]
        contacts = [{"input": recipient, "wa_id": recipient}] if "to" in body else [{"user_id": recipient}]
        told = {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": remote_id}]}
        return Reply(content=told)

    def _told_of_media(self, media_id: str) -> Reply:
        media = self.media[media_id]
        url = media.url or f"{self.url}/whatsapp_business/attachments/?{urlencode({'mid': media_id, 'hash': 'x'})}"
        size = len(media.content) if media.told_size is None else media.told_size
        told = {"url": url, "mime_type": media.mime_type, "sha256": "0", "file_size": size, "id": media_id}
        return Reply(content={"messaging_product": "whatsapp", **told})

    def _download(self, request: Request) -> Reply:
        media = self.media.get(request.query.get("mid", ""))
        if media is None or media.expired:
            return Reply(404, b"<html>Gone</html>", "text/html")
        return Reply(200, media.content, media.mime_type)

    def _message_templates(self, request: Request) -> Reply:
        wanted = request.query.get("status")
        return Reply(content={"data": [one for one in self.templates if wanted in {None, one["status"]}]})

    def _number(self, request: Request) -> Reply:
        known = {"health_status": self.health, "webhook_configuration": self.urls}
        fields = request.query.get("fields", "").split(",")
        return Reply(content={"id": self.number_id, **{name: known[name] for name in fields if name in known}})

    def _debug_token(self, request: Request) -> Reply:
        known = request.query.get("input_token") == self.access_token
        return Reply(content={"data": self.token if known else {"is_valid": False, "scopes": []}})

    def _subscribed_apps(self, _: Request) -> Reply:
        app = {"whatsapp_business_api_data": {"id": self.app_id, "name": "Loja", "link": "https://example.com"}}
        return Reply(content={"data": [app] if self.subscribed else []})

    def _subscribe_app(self, request: Request) -> Reply:
        demand_json(request.headers, request.body)
        body = request.body
        demand(body, {"object", "callback_url", "verify_token", "fields"}, set())
        demand_that(body["object"] == "whatsapp_business_account")
        self._call_back(body["callback_url"], body["verify_token"])
        fields = [{"name": name, "version": self.version} for name in body["fields"].split(",")]
        own = {"object": body["object"], "callback_url": body["callback_url"], "active": True, "fields": fields}
        self.subscriptions = [own]
        self.urls["application"] = body["callback_url"]
        return Reply(content={"success": True})

    def _subscribe_account(self, request: Request) -> Reply:
        demand_json(request.headers, request.body)
        demand(request.body, set(), {"override_callback_uri", "verify_token"})
        if url := request.body.get("override_callback_uri"):
            demand_that(self.subscribed)
            self._call_back(url, request.body.get("verify_token"))
            self.urls["whatsapp_business_account"] = url
        else:
            self.urls.pop("whatsapp_business_account", None)
        self.subscribed = True
        return Reply(content={"success": True})

    def _number_webhook(self, request: Request) -> Reply:
        demand_json(request.headers, request.body)
        demand(request.body, {"webhook_configuration"}, set())
        wanted = request.body["webhook_configuration"]
        if wanted == {"override_callback_uri": ""}:
            self.urls.pop("phone_number", None)
            return Reply(content={"success": True})
        demand(wanted, {"override_callback_uri", "verify_token"}, set())
        self._call_back(wanted["override_callback_uri"], wanted["verify_token"])
        self.urls["phone_number"] = wanted["override_callback_uri"]
        return Reply(content={"success": True})

    def _partner_webhook(self, request: Request) -> Reply:
        demand_json(request.headers, request.body)
        demand(request.body, {"url"}, {"headers"})
        self.partner_webhook = dict(request.body)
        return Reply(content={"url": request.body["url"]})

    def _call_back(self, url: Any, token: Any) -> None:
        demand_that(isinstance(url, str) and len(url) <= 200 and isinstance(token, str) and bool(token))
        if not self.calls_back:
            return
        query = urlencode({"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": token})
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}?{query}", timeout=5) as response:
            if response.read() == b"1158201444":
                return
        raise GraphError(error(2200, message="Callback verification failed"))


def _handler_of(graph: GraphServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                body = json.loads(raw) if raw else None
            except ValueError:
                body = raw
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = graph.answer(Request(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
            self.close_connection = True
            if reply is None:
                return
            with contextlib.suppress(OSError):
                self.send_response(reply.status)
                own = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body))}
                for name, value in {**own, "Connection": "close", **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

    return Handler

"""Evolution API v2 on a real socket: its routes, its checks, its webhooks, and its faults."""

import json
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

PNG = "data:image/png;base64," + b64encode(b"\x89PNG\r\n\x1a\n").decode()
OWNER = "5511900000000@s.whatsapp.net"
NEVER_AGAIN = {400, 401, 403, 404, 422}
EVENTS = {
    *("APPLICATION_STARTUP", "QRCODE_UPDATED", "MESSAGES_SET", "MESSAGES_UPSERT", "MESSAGES_EDITED"),
    *("MESSAGES_UPDATE", "MESSAGES_DELETE", "SEND_MESSAGE", "SEND_MESSAGE_UPDATE", "CONTACTS_SET"),
    *("CONTACTS_UPSERT", "CONTACTS_UPDATE", "PRESENCE_UPDATE", "CHATS_SET", "CHATS_UPSERT", "CHATS_UPDATE"),
    *("CHATS_DELETE", "GROUPS_UPSERT", "GROUP_UPDATE", "GROUP_PARTICIPANTS_UPDATE", "CONNECTION_UPDATE"),
    *("LABELS_EDIT", "LABELS_ASSOCIATION", "CALL", "TYPEBOT_START", "TYPEBOT_CHANGE_STATUS", "REMOVE_INSTANCE"),
    *("LOGOUT_INSTANCE", "INSTANCE_CREATE", "INSTANCE_DELETE", "STATUS_INSTANCE"),
}

Json = dict[str, Any]


class Fault(StrEnum):
    """What goes wrong with a request: all but `TIME_OUT_AFTER` before anything is done."""

    ERROR_IN_200 = "error in 200"
    HTML = "html"
    EMPTY = "empty"
    HANG_UP = "hang up"
    TIME_OUT = "time out"
    TIME_OUT_AFTER = "time out after accepting"
    BAD_GATEWAY = "bad gateway"
    NO_BACKEND = "no backend"
    BUSY = "busy"


class RefusedError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, error: str, message: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"status": status, "error": error, "response": {"message": message}}


@dataclass
class Instance:
    """A number; `dead`: its state is "open", but WhatsApp is not behind it any more."""

    name: str
    token: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    state: str = "open"
    dead: bool = False
    webhook: Json | None = None
    messages: list[Json] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)


@dataclass
class EvolutionServer:
    """A server with instances; a context manager.

    `lose_webhooks`: none is posted. `keep_messages`: whether its database has messages.
    """

    api_key: str = "the-global-key"
    instances: dict[str, Instance] = field(default_factory=dict)
    not_on_whatsapp: set[str] = field(default_factory=set)
    lose_webhooks: bool = False
    keep_messages: bool = True
    retry_seconds: float = 0.05
    requests: list[tuple[str, str, Json]] = field(default_factory=list)
    webhook_statuses: list[int | None] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._faults: dict[str, list[Fault]] = {}
        self._lock = threading.RLock()
        self._http = _QuietServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def add(self, name: str, state: str = "open") -> Instance:
        """An instance that is there already."""
        return self.instances.setdefault(name, Instance(name, state=state))

    def misbehave(self, path: str, *faults: Fault) -> None:
        """What goes wrong with the next requests to a path (without the instance's name)."""
        self._faults.setdefault(path, []).extend(faults)

    def receive(self, name: str, message: Json, sender: str, **said: Any) -> Json:
        """A customer's message; `said` are fields of the record, or of its key with `key_` before them."""
        return self._came(name, message, sender, False, said)

    def write_on_phone(self, name: str, message: Json, recipient: str, **said: Any) -> Json:
        """A message that somebody writes on the phone."""
        return self._came(name, message, recipient, True, said)

    def advance(self, name: str, message_id: str, *statuses: str) -> None:
        """What became of a message that was sent."""
        record = next(one for one in self.instances[name].messages if one["key"]["id"] == message_id)
        for status in statuses:
            record["MessageUpdate"].append({"status": status})
            key = record["key"]
            update = {"keyId": key["id"], "remoteJid": key["remoteJid"], "fromMe": key["fromMe"], "status": status}
            self.post(name, "messages.update", update)

    def post(self, name: str, event: str, data: Any) -> int | None:
        """Post a webhook as Evolution does, and return the last status; None if there is nobody to post to."""
        instance = self.instances[name]
        webhook = instance.webhook
        kind = event.replace(".", "_").upper()
        if self.lose_webhooks or webhook is None or not webhook["enabled"] or kind not in webhook["events"]:
            return None
        suffix = "/" + kind.replace("_", "-").lower() if webhook["webhookByEvents"] else ""
        body = {
            "event": event,
            "instance": name,
            "data": data,
            "destination": webhook["url"],
            "date_time": datetime.now(timezone(timedelta(hours=-3))).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            "sender": OWNER,
            "server_url": self.url,
            "apikey": instance.token,
        }
        status = self._posted(webhook["url"] + suffix, json.dumps(body).encode(), webhook["headers"] or {})
        self.webhook_statuses.append(status)
        return status

    def _posted(self, url: str, body: bytes, headers: Mapping[str, str]) -> int | None:
        """Ten tries, unless an answer says that there is no use in it."""
        status = None
        for _ in range(10):
            request = urllib.request.Request(
                url, body, {"Content-Type": "application/json", "User-Agent": "axios/1.7.9", **headers}
            )
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    return int(response.status)
            except urllib.error.HTTPError as error:
                status = error.code
                error.close()
                if status in NEVER_AGAIN:
                    return status
            except OSError:
                status = None
            if self.closed.wait(self.retry_seconds):
                break
        return status

    def _came(self, name: str, message: Json, jid: str, mine: bool, said: Json) -> Json:
        key = {"remoteJid": jid, "fromMe": mine, "id": "3A" + uuid.uuid4().hex[:18].upper()}
        key |= {field_name[4:]: value for field_name, value in said.items() if field_name.startswith("key_")}
        record = {
            "key": key,
            "pushName": "Você" if mine else "Maria",
            "status": "DELIVERY_ACK",
            "message": message,
            "messageType": next(iter(message), "unknown"),
            "messageTimestamp": int(time.time()),
            "instanceId": "0197",
            "source": "android",
        } | {field_name: value for field_name, value in said.items() if not field_name.startswith("key_")}
        self._keep(name, record)
        self.post(name, "messages.upsert", record)
        return record

    def _keep(self, name: str, record: Json) -> None:
        if self.keep_messages:
            with self._lock:
                self.instances[name].messages.append({**record, "MessageUpdate": []})

    def fault(self, path: str) -> Fault | None:
        """What goes wrong with this request."""
        with self._lock:
            waiting = self._faults.get(path)
            return waiting.pop(0) if waiting else None

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
        """Status and JSON; raises `RefusedError`."""
        parts = urlsplit(target)
        path, name = _split(parts.path)
        route = _ROUTES.get((method, path))
        if route is None:
            raise RefusedError(404, "Not Found", [f"Cannot {method} {target}"])
        content = self._content(method, headers, body)
        self.requests.append((method, path, content))
        if path in {"/instance/create", "/instance/fetchInstances"}:
            self._authorized(headers, None)
            content = {**{key: values[0] for key, values in parse_qs(parts.query).items()}, **content}
            return route(self, Instance(""), {**content, "_key": headers.get("apikey")})
        self._authorized(headers, self.instances.get(name))
        if name not in self.instances:
            raise RefusedError(404, "Not Found", [f'The "{name}" instance does not exist'])
        return route(self, self.instances[name], content)

    def _content(self, method: str, headers: Mapping[str, str], body: bytes) -> Json:
        if method != "POST":
            return {}
        assert headers.get("content-type", "").startswith("application/json"), headers
        try:
            content = json.loads(body)
        except ValueError:
            raise RefusedError(400, "Bad Request", "Unexpected token in JSON at position 0") from None
        if not isinstance(content, dict):
            raise RefusedError(400, "Bad Request", ["instance is not of a type(s) object"])
        return content

    def _authorized(self, headers: Mapping[str, str], instance: Instance | None) -> None:
        key = headers.get("apikey")
        tokens = {one.token for one in self.instances.values()} if instance is None else {instance.token}
        if not key or (key != self.api_key and key not in tokens):
            raise RefusedError(401, "Unauthorized", "Unauthorized")

    def accept(self, instance: Instance, number: str, message: Json) -> tuple[int, Any]:
        """Send a message: the answer, and the webhook soon after."""
        if instance.state != "open":
            raise RefusedError(
                500, "Internal Server Error", "Cannot read properties of undefined (reading 'onWhatsApp')"
            )
        if instance.dead:
            raise RefusedError(500, "Internal Server Error", "Connection Closed")
        jid = created_jid(number)
        if jid in self.not_on_whatsapp:
            raise RefusedError(400, "Bad Request", [{"jid": jid, "exists": False, "number": number}])
        record = {
            "key": {"remoteJid": jid, "fromMe": True, "id": "3EB0" + uuid.uuid4().hex[:18].upper()},
            "pushName": "Você",
            "status": "PENDING",
            "message": message,
            "contextInfo": None,
            "messageType": next(iter(message)),
            "messageTimestamp": int(time.time()),
            "instanceId": "0197",
            "source": "unknown",
        }
        self._keep(instance.name, record)
        threading.Thread(target=self.post, args=(instance.name, "send.message", record), daemon=True).start()
        return 201, record


def created_jid(number: str) -> str:
    """Evolution's `createJid`: ids stay as they are, numbers of area codes from 31 on lose their ninth digit."""
    if "@" in number:
        return number
    digits = "".join(one for one in number if one.isdecimal())
    if digits.startswith("55") and len(digits) == 13 and digits[5] >= "7" and int(digits[2:4]) >= 31:
        digits = digits[:4] + digits[5:]
    return f"{digits}@s.whatsapp.net"


def _split(path: str) -> tuple[str, str]:
    pieces = path.split("/")
    return "/".join(pieces[:3]), unquote("/".join(pieces[3:]))


def _required(content: Json, **types: type) -> None:
    missing = [f'instance requires property "{name}"' for name in types if name not in content]
    wrong = [
        f"{name} is not of a type(s) {kind.__name__}"
        for name, kind in types.items()
        if name in content and not isinstance(content[name], kind)
    ]
    if missing or wrong:
        raise RefusedError(400, "Bad Request", [missing + wrong])


def _create(server: EvolutionServer, _: Instance, content: Json) -> tuple[int, Any]:
    _required(content, instanceName=str, integration=str)
    if content["_key"] != server.api_key:
        raise RefusedError(401, "Unauthorized", "Unauthorized")
    if content["integration"] not in {"WHATSAPP-BAILEYS", "WHATSAPP-BUSINESS", "EVOLUTION"}:
        raise RefusedError(400, "Bad Request", ["Invalid integration"])
    name = content["instanceName"]
    if name in server.instances:
        raise RefusedError(403, "Forbidden", [f'This name "{name}" is already in use.'])
    instance = server.add(name, "close")
    return 201, {"instance": {"instanceName": name, "status": "close"}, "hash": instance.token, "qrcode": None}


def _fetch_instances(server: EvolutionServer, _: Instance, content: Json) -> tuple[int, Any]:
    key = content["_key"]
    return 200, [
        {
            "id": "0197",
            "name": one.name,
            "connectionStatus": one.state,
            "ownerJid": OWNER if one.state == "open" else None,
            "integration": "WHATSAPP-BAILEYS",
            "token": one.token,
        }
        for one in server.instances.values()
        if key in {server.api_key, one.token}
    ]


def _connection_state(server: EvolutionServer, instance: Instance, _: Json) -> tuple[int, Any]:
    return 200, {"instance": {"instanceName": instance.name, "state": instance.state}}


def _connect(server: EvolutionServer, instance: Instance, content: Json) -> tuple[int, Any]:
    if instance.state == "open":
        return _connection_state(server, instance, content)
    if instance.state == "close":
        instance.state = "connecting"
        return 200, {"count": 0}
    return 200, {"pairingCode": None, "code": "2@abc", "base64": PNG, "count": 1}


def _set_webhook(server: EvolutionServer, instance: Instance, content: Json) -> tuple[int, Any]:
    _required(content, webhook=dict)
    wanted = content["webhook"]
    _required(wanted, enabled=bool, url=str, events=list)
    if not wanted["url"] or not set(wanted["events"]) <= EVENTS:
        raise RefusedError(400, "Bad Request", [["webhook.events[0] is not one of enum values"]])
    instance.webhook = {
        "enabled": wanted["enabled"],
        "url": wanted["url"],
        "headers": wanted.get("headers"),
        "events": wanted["events"] or sorted(EVENTS),
        "webhookByEvents": wanted.get("byEvents", False),
        "webhookBase64": wanted.get("base64", False),
    }
    return 201, instance.webhook


def _find_webhook(server: EvolutionServer, instance: Instance, _: Json) -> tuple[int, Any]:
    return 200, instance.webhook


def _send_text(server: EvolutionServer, instance: Instance, content: Json) -> tuple[int, Any]:
    _required(content, number=str, text=str)
    if not content["text"].strip():
        raise RefusedError(400, "Bad Request", ["Text is required"])
    return server.accept(instance, content["number"], {"conversation": content["text"]})


def _send_media(server: EvolutionServer, instance: Instance, content: Json) -> tuple[int, Any]:
    _required(content, number=str, mediatype=str, media=str)
    if content["mediatype"] not in {"image", "document", "video", "audio"}:
        raise RefusedError(400, "Bad Request", [["mediatype is not one of enum values"]])
    held = {"caption": content.get("caption"), "mimetype": content.get("mimetype")}
    return server.accept(instance, content["number"], {content["mediatype"] + "Message": held})


def _base64(server: EvolutionServer, instance: Instance, content: Json) -> tuple[int, Any]:
    _required(content, message=dict)
    message_id = content["message"]["key"]["id"]
    if message_id not in instance.files:
        raise RefusedError(400, "Bad Request", ["Message not found"])
    encoded = b64encode(instance.files[message_id]).decode()
    return 201, {
        "mediaType": "audioMessage",
        "fileName": 'a "base64":" b.oga',
        "caption": None,
        "size": {"fileLength": {"low": len(instance.files[message_id]), "high": 0, "unsigned": True}},
        "mimetype": "audio/ogg; codecs=opus",
        "base64": encoded,
        "buffer": None,
    }


def _find_messages(server: EvolutionServer, instance: Instance, content: Json) -> tuple[int, Any]:
    where, size, page = content.get("where", {}), content.get("offset") or 50, content.get("page") or 1
    times = where.get("messageTimestamp", {})
    found = instance.messages
    if times.get("gte") and times.get("lte"):
        first, last = (
            int(datetime.fromisoformat(times[name]).astimezone(UTC).timestamp()) for name in ("gte", "lte")
        )
        assert last < 2**31, "out of range for type integer"
        found = [one for one in found if first <= int(one["messageTimestamp"]) <= last]
    if where.get("key", {}).get("fromMe"):
        found = [one for one in found if one["key"]["fromMe"]]
    found = sorted(found, key=lambda one: int(one["messageTimestamp"]), reverse=True)
    records = found[size * (page - 1) : size * page]
    paging = {"total": len(found), "pages": ceil(len(found) / size), "currentPage": page, "records": records}
    return 200, {"messages": paging}


def _mark_read(server: EvolutionServer, instance: Instance, content: Json) -> tuple[int, Any]:
    _required(content, readMessages=list)
    for one in content["readMessages"]:
        _required(one, id=str, fromMe=bool, remoteJid=str)
        instance.read.append(one["id"])
    return 201, {"message": "Read messages", "read": "success"}


def _numbers(server: EvolutionServer, instance: Instance, content: Json) -> tuple[int, Any]:
    _required(content, numbers=list)
    if instance.dead or instance.state != "open":
        raise RefusedError(500, "Internal Server Error", "Connection Closed")
    jids = [(number, created_jid(number)) for number in content["numbers"]]
    return 200, [
        {"jid": jid, "exists": jid not in server.not_on_whatsapp, "number": number} for number, jid in jids
    ]


Route = Callable[[EvolutionServer, Instance, Json], tuple[int, Any]]
_ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/instance/create"): _create,
    ("GET", "/instance/fetchInstances"): _fetch_instances,
    ("GET", "/instance/connectionState"): _connection_state,
    ("GET", "/instance/connect"): _connect,
    ("POST", "/webhook/set"): _set_webhook,
    ("GET", "/webhook/find"): _find_webhook,
    ("POST", "/message/sendText"): _send_text,
    ("POST", "/message/sendMedia"): _send_media,
    ("POST", "/chat/getBase64FromMediaMessage"): _base64,
    ("POST", "/chat/findMessages"): _find_messages,
    ("POST", "/chat/markMessageAsRead"): _mark_read,
    ("POST", "/chat/whatsappNumbers"): _numbers,
}
_FAULTY_ANSWERS: dict[Fault, tuple[int, str, bytes]] = {
    Fault.ERROR_IN_200: (200, "application/json", b'{"error":true,"message":"Error: something broke"}'),
    Fault.HTML: (200, "text/html", b"<html><body>Welcome</body></html>"),
    Fault.EMPTY: (200, "application/json", b""),
    Fault.BAD_GATEWAY: (502, "text/html", b"<h1>502 Bad Gateway</h1>"),
    Fault.NO_BACKEND: (404, "text/plain", b"404 page not found"),
    Fault.BUSY: (503, "text/html", b"<h1>503</h1>"),
}


class _QuietServer(ThreadingHTTPServer):
    """A client that breaks off is no news."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _handler(server: EvolutionServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fault = server.fault(_split(urlsplit(self.path).path)[0])
            if fault in _FAULTY_ANSWERS:
                self._reply(*_FAULTY_ANSWERS[fault])
            elif fault in {Fault.HANG_UP, Fault.TIME_OUT}:
                self._disappear(fault)
            else:
                status, content = self._answered(headers, body)
                if fault is Fault.TIME_OUT_AFTER:
                    self._disappear(fault)
                else:
                    self._reply(status, "application/json; charset=utf-8", json.dumps(content).encode())

        def _answered(self, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
            try:
                return server.answer(self.command, self.path, headers, body)
            except RefusedError as refusal:
                return refusal.status, refusal.body

        def _disappear(self, fault: Fault) -> None:
            self.close_connection = True
            if fault is not Fault.HANG_UP:
                server.closed.wait(30)

        def _reply(self, status: int, content_type: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            if status == 503:
                self.send_header("Retry-After", "7")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is written to the terminal."""

    return Handler

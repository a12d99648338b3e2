"""Telegram's Bot API on a real socket, as strict as the real one, well- or ill-behaved as told.

Methods, shapes and words: https://core.telegram.org/bots/api, and what the API is known to answer.
"""

import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote, urlsplit

TOKEN = "123456789:AAEfake-Token_of_tests_0123456789ab"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Loja", "username": "loja_bot"}

_CALL = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>\w+)")
_FILE = re.compile(r"/file/bot(?P<token>[^/]+)/(?P<path>.+)")
_TOKEN_SHAPE = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PORTS = {None, 80, 88, 443, 8443}
_LARGEST_FILE = 20 * 1024 * 1024

Answer = tuple[int, bytes, dict[str, str]]
Fault = Callable[["TelegramServer", "_Handler", Callable[[], Answer]], None]


class RefusedError(Exception):
    """An error as the API tells of it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


def refuse(code: int, description: str = "Error", **parameters: Any) -> Fault:
    """Answers with an error, and does nothing."""
    refusal = RefusedError(code, description, **parameters)
    return lambda _, handler, do: handler.answer(code, json.dumps(refusal.body).encode())


def answer_with(status: int, body: bytes, **headers: str) -> Fault:
    """Answers with these bytes, and does nothing."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, handler, do: handler.answer(status, body, named)


def take_and_hang_up(server: "TelegramServer", handler: "_Handler", do: Callable[[], Answer]) -> None:
    """Does what was asked and closes the connection without a word."""
    do()
    handler.close_connection = True


def take_and_hang(server: "TelegramServer", handler: "_Handler", do: Callable[[], Answer]) -> None:
    """Does what was asked and never answers."""
    do()
    server.closed.wait(60)
    handler.close_connection = True


def take_and_answer(status: int, body: bytes) -> Fault:
    """Does what was asked and answers with something else."""

    def behave(server: "TelegramServer", handler: "_Handler", do: Callable[[], Answer]) -> None:
        do()
        handler.answer(status, body)

    return behave


@dataclass(frozen=True)
class Call:
    """A call of a method, as it arrived."""

    method: str
    parameters: dict[str, Any]


@dataclass
class TelegramServer:
    """One bot and its private chats; a context manager.

    `chats` are those who have written to the bot, `blocked` those who have blocked it. `faults` are used once each,
    in order, by whatever call comes next. `calls` has every call with the right token, `sent` every message taken.
    """

    token: str = TOKEN
    chats: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    https_only: bool = True
    calls: list[Call] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    last_error: tuple[int, str] | None = None
    pending: list[dict[str, Any]] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._updates = 1000
        self._messages = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"telegram": self}))
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def message(self, chat_id: int, text: str | None = None, **content: Any) -> dict[str, Any]:
        """An update that brings a message; `content` changes and adds fields."""
        self.chats.add(chat_id)
        user = {
            "id": chat_id,
            "first_name": "Maria",
            "last_name": "Silva",
            "username": "maria",
            "language_code": "pt-br",
        }
        message = {
            "message_id": self._next_message_id(),
            "from": {**user, "is_bot": False},
            "chat": {
                **{name: user[name] for name in ("id", "first_name", "last_name", "username")},
                "type": "private",
            },
            "date": int(time.time()),
            **({"text": text} if text is not None else {}),
            **content,
        }
        return self.update("message", message)

    def edit(self, update: dict[str, Any], text: str) -> dict[str, Any]:
        """An update that says that the message of another one was edited."""
        return self.update("edited_message", {**update["message"], "text": text, "edit_date": int(time.time())})

    def update(self, kind: str, content: Any) -> dict[str, Any]:
        """An update of this kind."""
        with self._lock:
            self._updates += 1
            return {"update_id": self._updates, kind: content}

    def deliver(self, update: dict[str, Any]) -> int:
        """Post an update to the webhook; what is not answered 200 waits and can be delivered again."""
        headers = {"Content-Type": "application/json"}
        if secret := self.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        request = urllib.request.Request(self.webhook["url"], json.dumps(update).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                status = int(response.status)
        except urllib.error.HTTPError as error:
            status = error.code
        self._note(update, status)
        return status

    def call(self, token: str, method: str, parameters: dict[str, Any]) -> Any:
        """The result of a method; raises `RefusedError`."""
        if not _TOKEN_SHAPE.fullmatch(token):
            raise RefusedError(404, "Not Found")
        if token != self.token:
            raise RefusedError(401, "Unauthorized")
        methods = {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "getFile": self._get_file,
            "setWebhook": self._set_webhook,
            "sendChatAction": self._send_chat_action,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }
        if method not in methods:
            raise RefusedError(404, "Not Found: method not found")
        with self._lock:
            self.calls.append(Call(method, parameters))
        return methods[method](parameters)

    def file(self, token: str, path: str) -> bytes | None:
        """The bytes of a file; None where there is none, or for a wrong token."""
        found = [content for known, content in self.files.values() if known == path]
        return found[0] if found and token == self.token else None

    def _get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        return BOT

    def _send_message(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat_id, text = parameters.get("chat_id"), parameters.get("text")
        if chat_id in (None, ""):
            raise RefusedError(400, "Bad Request: chat_id is empty")
        if not isinstance(text, str) or not text.strip():
            raise RefusedError(400, "Bad Request: message text is empty")
        if len(text) > 4096:
            raise RefusedError(400, "Bad Request: message is too long")
        if parameters.get("parse_mode") and re.search(r"[*_\[`<]", text):
            raise RefusedError(400, "Bad Request: can't parse entities: Can't find end of the entity")
        if chat_id in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        if not isinstance(chat_id, int) or chat_id not in self.chats:
            raise RefusedError(400, "Bad Request: chat not found")
        message = {
            "message_id": self._next_message_id(),
            "from": BOT,
            "chat": {"id": chat_id, "type": "private"},
            "date": int(time.time()),
            "text": text,
        }
        with self._lock:
            self.sent.append(message)
        return message

    def _get_file(self, parameters: dict[str, Any]) -> dict[str, Any]:
        file_id = parameters.get("file_id")
        if not isinstance(file_id, str) or file_id not in self.files:
            raise RefusedError(400, "Bad Request: invalid file_id")
        path, content = self.files[file_id]
        if len(content) > _LARGEST_FILE:
            raise RefusedError(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content), "file_path": path}

    def _set_webhook(self, parameters: dict[str, Any]) -> bool:
        url, secret = parameters.get("url"), parameters.get("secret_token")
        updates = parameters.get("allowed_updates")
        if not isinstance(url, str):
            raise RefusedError(400, "Bad Request: bad webhook: invalid url")
        if self.https_only and not url.startswith("https://"):
            raise RefusedError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if self.https_only and urlsplit(url).port not in _PORTS:
            raise RefusedError(400, "Bad Request: bad webhook: only ports 80, 88, 443 and 8443")
        if secret is not None and not (isinstance(secret, str) and _SECRET_SHAPE.fullmatch(secret)):
            raise RefusedError(400, "Bad Request: secret token contains unallowed characters")
        if updates is not None and not (isinstance(updates, list) and all(isinstance(one, str) for one in updates)):
            raise RefusedError(400, "Bad Request: can't parse allowed updates JSON object")
        self.webhook = {"url": url, "secret_token": secret, "allowed_updates": updates}
        self.last_error = None
        return True

    def _send_chat_action(self, parameters: dict[str, Any]) -> bool:
        if parameters != {"chat_id": parameters.get("chat_id"), "action": "typing"}:
            raise RefusedError(400, "Bad Request: wrong parameter action in request")
        return True

    def _delete_webhook(self, _: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    def _get_webhook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        info = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
        }
        if self.webhook.get("allowed_updates"):
            info["allowed_updates"] = self.webhook["allowed_updates"]
        if self.last_error:
            info["last_error_date"], info["last_error_message"] = self.last_error
        return info

    def _next_message_id(self) -> int:
        with self._lock:
            self._messages += 1
            return self._messages

    def _note(self, update: dict[str, Any], status: int) -> None:
        with self._lock:
            self.pending = [one for one in self.pending if one["update_id"] != update["update_id"]]
            if not 200 <= status < 300:
                self.pending.append(update)
                words = f"Wrong response from the webhook: {status}"
                self.last_error = (int(time.time()), words)


class _Handler(BaseHTTPRequestHandler):
    telegram: TelegramServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._respond({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Type") != "application/json":
            self._refuse(RefusedError(400, "Bad Request: the request has no parameters in JSON"))
            return
        try:
            parameters = json.loads(body)
        except ValueError:
            self._refuse(RefusedError(400, "Bad Request: can't parse JSON object"))
            return
        self._respond(parameters)

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send a response."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def _respond(self, parameters: dict[str, Any]) -> None:
        self.telegram.paths.append(self.path)
        if self.telegram.faults:
            self.telegram.faults.popleft()(self.telegram, self, lambda: self._done(parameters))
        else:
            self.answer(*self._done(parameters))

    def _refuse(self, refusal: RefusedError) -> None:
        self.answer(refusal.code, json.dumps(refusal.body).encode())

    def _done(self, parameters: dict[str, Any]) -> Answer:
        if file := _FILE.fullmatch(self.path):
            content = self.telegram.file(file["token"], unquote(file["path"]))
            return (404, b"Not Found", {}) if content is None else (200, content, {"Content-Type": "x/y"})
        try:
            call = _CALL.fullmatch(self.path)
            if call is None:
                raise RefusedError(404, "Not Found")
            result = self.telegram.call(call["token"], call["method"], parameters)
        except RefusedError as refusal:
            return refusal.code, json.dumps(refusal.body).encode(), {}
        return 200, json.dumps({"ok": True, "result": result}).encode(), {}

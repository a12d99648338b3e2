"""A small, complete gateway between WhatsApp and Orquestradora: one file, the standard library of Python 3.11.

The provider is a pretend one; what is its own is in `Webhook.do_POST` and `Gateway._send`. It posts every
message of a customer's chat to /webhook, now and then twice, also what a person of the business wrote there:

    {"message_id": "A1", "phone": "+5513988593464", "name": "Maria", "text": "Oi", "from_me": false}

and brings to the customer what is posted to its own address: {"id": "…", "phone": "+5513988593464", "text": "…"}.
Settings: ORQUESTRADORA_KEY (the assistant's key), ORQUESTRADORA_URL, PROVIDER_SEND_URL (empty: print instead),
GATEWAY_PORT, GATEWAY_FILE. Killed at any moment and started again, it goes on where it was.
"""

import json
import logging
import os
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

TIMEOUT_SECONDS = 60  # longer than LLM_TIMEOUT_SECONDS and BURST_MAX_SECONDS of the service together
PAUSES = (1, 2, 4, 8, 15, 30, 60, 60, 60)
ASKING, SENDING = 32, 8  # how many at once
KEPT_SECONDS = 7 * 24 * 3600  # as long as the service knows a message by its id
OURS = "orquestradora-"

# waiting → asking → answered → sending → done; or failed, when somebody was told.
SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY, message_id TEXT UNIQUE, phone TEXT, name TEXT, text TEXT, from_me INTEGER,
    state TEXT DEFAULT 'waiting', due REAL, tries INTEGER DEFAULT 0,
    parts TEXT DEFAULT '[]', sent INTEGER DEFAULT 0, handover TEXT);
CREATE INDEX IF NOT EXISTS by_state ON messages (state, due);
CREATE INDEX IF NOT EXISTS by_phone ON messages (phone, state);
UPDATE messages SET state = 'waiting' WHERE state = 'asking';
UPDATE messages SET state = 'answered' WHERE state = 'sending';
"""
EARLIER = "SELECT 1 FROM messages AS m WHERE m.phone = messages.phone AND m.number < messages.number AND"
# A customer's messages are under way together, so that the service can answer a burst as one, but begin one after
# another, as it answers in the order of arrival. What a person wrote waits for nothing.
MAY_BE_ASKED = f"""(from_me OR NOT EXISTS ({EARLIER}
    (m.state = 'waiting' OR m.state = 'asking' AND m.due > :now - 0.1)))"""
MAY_BE_SENT = f"NOT EXISTS ({EARLIER} m.state IN ('asking', 'answered', 'sending'))"

log = logging.getLogger("gateway")


class Queue:
    """The messages of the last days and how far each has come, in a file that survives kill -9."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._rows = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._rows.row_factory = sqlite3.Row
        self._rows.executescript(SCHEMA)

    def add(self, **message: Any) -> None:
        """Accept a message, once: when this returns it is on disk."""
        now = time.time()
        self._run("DELETE FROM messages WHERE state IN ('done', 'failed') AND due < :old", old=now - KEPT_SECONDS)
        columns, values = ", ".join(message), ", ".join(f":{name}" for name in message)
        self._run(f"INSERT OR IGNORE INTO messages ({columns}, due) VALUES ({values}, :now)", **message, now=now)

    def take(self, state: str, becomes: str, condition: str) -> sqlite3.Row | None:
        """The first message in this state that is due and fulfils the condition: nobody else gets it."""
        first = f"SELECT min(number) FROM messages WHERE state = :state AND due <= :now AND {condition}"
        update = f"UPDATE messages SET state = :becomes, due = :now WHERE number = ({first}) RETURNING *"
        return next(iter(self._run(update, state=state, becomes=becomes, now=time.time())), None)

    def change(self, message: sqlite3.Row, **values: Any) -> None:
        """Write down how far it has come."""
        columns = ", ".join(f"{name} = :{name}" for name in values)
        self._run(f"UPDATE messages SET {columns} WHERE number = :number", **values, number=message["number"])

    def _run(self, statement: str, **values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._rows.execute(statement, values).fetchall()


class Gateway:
    """Takes messages to Orquestradora, and its answers to the provider."""

    def __init__(self, queue: Queue, service_url: str, key: str, send_url: str) -> None:
        self._queue = queue
        self._service_url = service_url
        self._key = key
        self._send_url = send_url

    def start(self) -> None:
        asking = ("waiting", "asking", MAY_BE_ASKED, self._ask)
        sending = ("answered", "sending", MAY_BE_SENT, self._send)
        for arguments in [asking] * ASKING + [sending] * SENDING:
            threading.Thread(target=self._work, args=arguments, daemon=True).start()

    def _work(self, state: str, becomes: str, condition: str, step: Callable[[sqlite3.Row], None]) -> None:
        while True:
            message = self._queue.take(state, becomes, condition)
            if message is None:
                time.sleep(0.2)
                continue
            try:
                step(message)
            except Exception as error:
                log.exception("A bug")
                self._give_up(message, repr(error))

    def _ask(self, message: sqlite3.Row) -> None:
        body = {
            "id": message["phone"],
            "message_service": "Whatsapp",
            "message": message["text"],
            "message_id": message["message_id"],
        }
        path = "/chats/mensagemHumana"
        if not message["from_me"]:
            path = "/chats/enviarMensagemLLM"
            body |= {"username": message["name"]}
        reply = post(self._service_url + path, body, {"X-API-Key": self._key})
        if reply.status == 200:
            parts, handover = json.dumps(reply.body["parts"]), reply.body["handover_reason"]
            self._queue.change(message, state="answered", parts=parts, handover=handover, tries=0)
        elif reply.status == 201 or reply.body.get("code") in ("chat_inactive", "conversation_deleted"):
            self._queue.change(message, state="done")
        else:
            self._try_again(message, "waiting", reply)

    def _send(self, message: sqlite3.Row) -> None:
        parts = json.loads(message["parts"])
        for number in range(message["sent"], len(parts)):
            part_id = f"{OURS}{message['message_id']}-{number}"
            part = {"id": part_id, "phone": message["phone"], "text": parts[number]}
            reply = post(self._send_url, part) if self._send_url else printed(part)
            if not 200 <= reply.status < 300:
                return self._try_again(message, "answered", reply)
            # Killed right here, it sends this part again: that cannot be ruled out on this side alone. It takes
            # a provider that sends nothing twice under one id.
            self._queue.change(message, sent=number + 1)
        if message["handover"]:
            tell_somebody(f"{message['phone']} waits for a person: {message['handover']}")
        return self._queue.change(message, state="done")

    def _try_again(self, message: sqlite3.Row, state: str, reply: "Reply") -> None:
        passes = reply.status in (0, 429) or reply.status >= 500 or reply.body.get("code") == "in_progress"
        if not passes or message["tries"] == len(PAUSES) or reply.retry_after > sum(PAUSES):
            return self._give_up(message, f"{reply.status} {reply.body}")
        pause = max(PAUSES[message["tries"]], reply.retry_after)
        return self._queue.change(message, state=state, tries=message["tries"] + 1, due=time.time() + pause)

    def _give_up(self, message: sqlite3.Row, reason: str) -> None:
        tell_somebody(f"message {message['message_id']} of {message['phone']} failed: {reason}")
        self._queue.change(message, state="failed")


class Reply(NamedTuple):
    """What a server said; status 0: nothing."""

    status: int
    body: dict[str, Any]
    retry_after: int = 0


def post(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
    """Post JSON; whatever happens is a reply."""
    as_json = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), as_json | (headers or {}))
    try:
        try:
            response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            after = response.headers.get("Retry-After", "")
            return Reply(response.status, parsed(response.read()), int(after) if after.isdecimal() else 0)
    except (OSError, HTTPException):
        return Reply(0, {})


def parsed(text: bytes) -> dict[str, Any]:
    """A JSON object; empty if it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def printed(part: dict[str, Any]) -> Reply:
    print(f"to {part['phone']}: {part['text']}", flush=True)
    return Reply(200, {})


def tell_somebody(sentence: str) -> None:
    """Make this an e-mail, or a message to the team."""
    log.error("SOMEBODY HAS TO LOOK: %s", sentence)


class Webhook(BaseHTTPRequestHandler):
    """Accepts what the provider posts. A real one signs it: check that first."""

    queue: Queue
    timeout = 10

    def do_POST(self) -> None:
        event = parsed(self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 1_000_000)))
        message = {name: str(event.get(name) or "") for name in ("message_id", "phone", "name", "text")}
        is_whole = all(message[name] for name in ("message_id", "phone", "text"))
        # Many providers report what we sent as well, which no person wrote.
        if is_whole and not message["message_id"].startswith(OURS):
            self.queue.add(**message, from_me=event.get("from_me") is True)
        self.send_response(200 if is_whole else 400)
        self.end_headers()


def main() -> None:
    logging.basicConfig(format="%(asctime)s %(message)s")
    setting = os.environ.get
    service_url = setting("ORQUESTRADORA_URL", "http://127.0.0.1:8080")
    # The port first: who gets it is the only one with the file.
    with ThreadingHTTPServer(("127.0.0.1", int(setting("GATEWAY_PORT", "8090"))), Webhook) as server:
        queue = Webhook.queue = Queue(setting("GATEWAY_FILE", "gateway.sqlite3"))
        Gateway(queue, service_url, os.environ["ORQUESTRADORA_KEY"], setting("PROVIDER_SEND_URL", "")).start()
        server.serve_forever()


if __name__ == "__main__":
    main()

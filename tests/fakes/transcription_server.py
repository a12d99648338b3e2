"""A server for `/audio/transcriptions` on a real socket that is as strict as OpenAI's, and can misbehave."""

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass(frozen=True)
class Transcription:
    """One answer: its status, and its body or the text in it."""

    text: str = "Oi, tudo bem?"
    status: int = 200
    body: bytes | None = None
    wait_seconds: float = 0


@dataclass(frozen=True)
class Recording:
    """What was asked."""

    fields: dict[str, str]
    filename: str | None
    content_type: str
    content: bytes


@dataclass
class TranscriptionServer:
    """Answers by `script`, then always with `answer`; a context manager."""

    answer: Transcription = field(default_factory=Transcription)
    script: deque[Transcription] = field(default_factory=deque)
    key: str = "stt-key"
    received: list[Recording] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reply = fake.reply_to(self.path, dict(self.headers.items()), body)
                fake.closed.wait(reply.wait_seconds)
                content = json.dumps({"text": reply.text}).encode() if reply.body is None else reply.body
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()

    def reply_to(self, path: str, headers: dict[str, str], body: bytes) -> Transcription:
        """Refuses what OpenAI refuses."""
        if path != "/v1/audio/transcriptions":
            return Transcription(status=404)
        named = {name.lower(): value for name, value in headers.items()}
        if named.get("authorization") != f"Bearer {self.key}":
            return Transcription(status=401)
        recording = _read(named["content-type"], body)
        self.received.append(recording)
        good_name = (recording.filename or "").endswith((".ogg", ".mp3", ".m4a", ".wav"))
        if not recording.fields.get("model") or not good_name or not recording.content:
            return Transcription(status=400)
        return self.script.popleft() if self.script else self.answer


def _read(content_type: str, body: bytes) -> Recording:
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields, file = {}, None
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename():
            file = part
        elif isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content.decode().strip()
    if file is None:
        return Recording(fields, None, "", b"")
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    return Recording(fields, file.get_filename(), file.get_content_type(), content)

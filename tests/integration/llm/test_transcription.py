"""Voice messages become text."""

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest

from app.domain.conversations import Tokens
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.domain.transcripts import Transcript
from app.llm.transcription import MOST_AUDIO_BYTES, Transcriber
from app.net.client import open_client
from tests.fakes.openai_server import unused_url
from tests.fakes.transcription_server import Transcription, TranscriptionServer

VOICE = b"OggS\0\x02OpusHead"


@pytest.fixture
def server() -> Iterator[TranscriptionServer]:
    with TranscriptionServer() as server:
        yield server


def transcribe(server: TranscriptionServer, audio: bytes = VOICE, seconds: float = 30, key: str = "stt-key") -> str:
    with open_client() as http_client, NamedTemporaryFile() as file:
        Path(file.name).write_bytes(audio)
        return Transcriber("whisper-1", server.url, key, http_client).transcribe(Path(file.name), seconds).text


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"type": "tokens", "input_tokens": 14, "output_tokens": 45, "total_tokens": 59}, Tokens(14, 45)),
        ({"type": "duration", "seconds": 7.2}, Tokens(8)),
        ({"type": "duration", "seconds": "7"}, Tokens(2, estimated=True)),
        (None, Tokens(2, estimated=True)),
    ],
)
def test_what_it_cost_is_what_the_server_says(
    server: TranscriptionServer, tmp_path: Path, usage: Any, tokens: Tokens
) -> None:
    (tmp_path / "recording").write_bytes(b"a" * 4_000)
    server.answer = Transcription(body=json.dumps({"text": "Oi", "usage": usage}).encode())
    with open_client() as http_client:
        model = Transcriber("whisper-1", server.url, server.key, http_client)
        transcript = model.transcribe(tmp_path / "recording", 30)
        most = model.most_tokens(tmp_path / "recording")

    assert transcript == Transcript("Oi", "whisper-1", tokens)
    assert most == Tokens(20, 10, estimated=True)


@pytest.mark.parametrize(
    ("audio", "filename", "content_type"),
    [
        (VOICE, "audio.ogg", "audio/ogg"),
        (b"unknown", "audio.ogg", "audio/ogg"),
        (b"ID3\x04", "audio.mp3", "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A ", "audio.m4a", "audio/mp4"),
    ],
)
def test_what_is_sent(server: TranscriptionServer, audio: bytes, filename: str, content_type: str) -> None:
    assert transcribe(server, audio) == "Oi, tudo bem?"

    (sent,) = server.received
    assert (sent.filename, sent.content_type) == (filename, content_type)
    assert sent.content == audio
    assert sent.fields == {"model": "whisper-1", "language": "pt", "response_format": "json"}


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_passing_failure_is_tried_once_more(server: TranscriptionServer, status: int) -> None:
    server.script = deque([Transcription(status=status)])
    assert transcribe(server) == "Oi, tudo bem?"

    server.answer = Transcription(status=status)
    with pytest.raises(ModelUnavailableError):
        transcribe(server)
    assert len(server.received) == 4


def test_a_refusal_is_final(server: TranscriptionServer, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ModelFailedError) as refused:
        transcribe(server, key="wrong-key")
    assert "wrong-key" not in refused.value.message + caplog.text
    assert "STT_API_KEY" in caplog.text
    server.answer = Transcription(status=400)
    with pytest.raises(ModelFailedError):
        transcribe(server)
    assert len(server.received) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"text": 5}', b"[" * 5000, b" " * (2**20 + 1)])
def test_nonsense_is_a_failure(server: TranscriptionServer, body: bytes) -> None:
    server.answer = Transcription(body=body)
    with pytest.raises(ModelFailedError):
        transcribe(server)


@pytest.mark.parametrize(
    "text", ["Legendas pela comunidade Amara.org", " Obrigado por assistir!", "...", "", "Inscreva-se no canal."]
)
def test_silence_says_nothing(server: TranscriptionServer, text: str) -> None:
    server.answer = Transcription(text)
    assert transcribe(server) == ""


def test_a_sentence_about_subtitles_stays(server: TranscriptionServer) -> None:
    server.answer = Transcription("Vocês fazem legendas pela comunidade Amara.org?")
    assert transcribe(server) == server.answer.text


def test_it_ends_in_time(server: TranscriptionServer) -> None:
    server.answer = Transcription(wait_seconds=30)
    with pytest.raises(ModelTimeoutError):
        transcribe(server, seconds=0.3)


def test_no_server(tmp_path: Path) -> None:
    recording = tmp_path / "voice"
    recording.write_bytes(VOICE)
    with open_client() as http_client, pytest.raises(ModelError) as failed:
        Transcriber("m", unused_url(), None, http_client).transcribe(recording, 10)
    assert isinstance(failed.value, ModelUnavailableError)


def test_too_large_is_not_sent(server: TranscriptionServer) -> None:
    with pytest.raises(ModelFailedError):
        transcribe(server, b"a" * (MOST_AUDIO_BYTES + 1))
    assert server.received == []

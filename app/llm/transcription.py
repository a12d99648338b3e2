"""Voice messages as text, by a server that follows OpenAI's `/audio/transcriptions`."""

import json
import logging
import math
import time
import unicodedata
from pathlib import Path
from typing import Any, BinaryIO

import httpx2

from app.domain.conversations import Tokens
from app.domain.deadline import Deadline
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.domain.media import HEAD_BYTES, content_type_of
from app.domain.transcripts import Transcript
from app.llm.recording_seconds import seconds_of
from app.llm.text import clean_text
from app.net.enforcement import enforced

MOST_AUDIO_BYTES = 25 * 2**20
"""OpenAI's limit, which others follow."""

_log = logging.getLogger(__name__)

_OPENAI_URL = "https://api.openai.com/v1"
_MOST_ANSWER_BYTES = 2**20
_PAUSE_SECONDS = 0.5
_BUSY = {408, 429}
# OpenAI's models take ten tokens for a second of sound; nobody says more than five in it.
_TOKENS_IN_A_SECOND, _TOKENS_OUT_A_SECOND = 10, 5
_MOST_TOKENS = 1_000_000_000
_OGG = ("audio.ogg", "audio/ogg")
# The same Opus bytes named .oga or .opus are refused.
_NAMES = {
    "audio/mpeg": ("audio.mp3", "audio/mpeg"),
    "audio/mp4": ("audio.m4a", "audio/mp4"),
    "video/mp4": ("audio.m4a", "audio/mp4"),
    "audio/wav": ("audio.wav", "audio/wav"),
    "audio/flac": ("audio.flac", "audio/flac"),
    "video/webm": ("audio.webm", "audio/webm"),
}

# What Whisper makes of silence, from the subtitles it learnt from; in small letters, without accents and stops.
_OF_SILENCE = {
    "legendas pela comunidade amaraorg",
    "legendas pela comunidade de amaraorg",
    "legenda pela comunidade amaraorg",
    "legenda adriana zanotto",
    "subtitles by the amaraorg community",
    "subtitulos realizados por la comunidad de amaraorg",
    "obrigado por assistir",
    "thanks for watching",
    "inscrevase no canal",
}


class Transcriber:
    """The model `model` at `base_url` (None: OpenAI's); speech is taken to be in `language` (ISO 639-1)."""

    def __init__(
        self,
        model: str,
        base_url: str | None,
        api_key: str | None,
        http_client: httpx2.Client,
        *,
        language: str = "pt",
    ) -> None:
        self.model = model
        self._url = f"{(base_url or _OPENAI_URL).rstrip('/')}/audio/transcriptions"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._fields = {"model": model, "language": language, "response_format": "json"}
        self._http_client = http_client

    def most_tokens(self, recording: Path) -> Tokens:
        """What a transcript may take at the most, in tokens, which are more than seconds."""
        seconds = seconds_of(recording)
        return Tokens(_TOKENS_IN_A_SECOND * seconds, _TOKENS_OUT_A_SECOND * seconds, estimated=True)

    def transcribe(self, recording: Path, seconds: float) -> Transcript:
        """What is said in a recording, and what the server says that it cost: tokens, or seconds.

        Of a server that says nothing of that, the recording's seconds count. Within `seconds`, in which a busy or
        faulty server is asked once more, raises `ModelUnavailableError`,
        `ModelTimeoutError`, or `ModelFailedError` (refused, nonsense, more than `MOST_AUDIO_BYTES`).
        """
        if recording.stat().st_size > MOST_AUDIO_BYTES:
            raise ModelFailedError("The recording is too long to be transcribed.")
        deadline = Deadline(seconds)
        response = self._post(recording, deadline)
        if _is_passing(response) and deadline.left() > _PAUSE_SECONDS:
            time.sleep(_PAUSE_SECONDS)
            response = self._post(recording, deadline)
        if not response.is_success:
            raise _refusal(response.status_code)
        answer = _answer_in(response.content)
        tokens = _tokens_in(answer) or Tokens(seconds_of(recording), estimated=True)
        return Transcript(_spoken(clean_text(answer["text"])), self.model, tokens)

    def _post(self, recording: Path, deadline: Deadline) -> httpx2.Response:
        try:
            with (
                enforced(deadline),
                recording.open("rb") as audio,
                self._http_client.stream(
                    "POST",
                    self._url,
                    headers=self._headers,
                    data=self._fields,
                    files={"file": _named(audio)},
                ) as response,
            ):
                return httpx2.Response(response.status_code, content=_bounded(response))
        except httpx2.TransportError:
            if deadline.left() <= 0:
                raise ModelTimeoutError("The recording was not transcribed in time.") from None
            raise ModelUnavailableError("The transcription server cannot be reached right now.") from None


def _named(audio: BinaryIO) -> tuple[str, BinaryIO, str]:
    """The recording as it is sent, in pieces: the name has to fit its type."""
    name, content_type = _NAMES.get(content_type_of(audio.read(HEAD_BYTES)), _OGG)
    audio.seek(0)
    return name, audio, content_type


def _bounded(response: httpx2.Response) -> bytes:
    content = b""
    for piece in response.iter_bytes():
        content += piece
        if len(content) > _MOST_ANSWER_BYTES:
            raise _failed()
    return content


def _is_passing(response: httpx2.Response) -> bool:
    return response.status_code in _BUSY or response.status_code >= 500


def _refusal(status: int) -> ModelError:
    _log.warning("transcription: HTTP %d%s", status, "; is STT_API_KEY right?" if status == 401 else "")
    if status in _BUSY or status >= 500:
        return ModelUnavailableError("The transcription server is busy right now.")
    return _failed()


def _failed() -> ModelError:
    return ModelFailedError("The recording could not be transcribed.")


def _answer_in(content: bytes) -> dict[str, Any]:
    try:
        answer: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise _failed() from None
    if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
        raise _failed()
    return answer


def _tokens_in(answer: dict[str, Any]) -> Tokens | None:
    """What OpenAI's `usage` says: `input_tokens` and `output_tokens`, or `seconds`; None where it says neither."""
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        return None
    read, written, seconds = (_number(usage, name) for name in ("input_tokens", "output_tokens", "seconds"))
    if read is not None and written is not None:
        return Tokens(read, written)
    return Tokens(seconds) if seconds else None


def _number(usage: dict[str, Any], name: str) -> int | None:
    value = usage.get(name)
    if isinstance(value, int | float) and 0 <= value <= _MOST_TOKENS:
        return math.ceil(value)
    return None


def _spoken(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    words = "".join(letter for letter in plain if letter.isalnum() or letter == " ")
    return "" if " ".join(words.split()) in _OF_SILENCE or not words.strip() else text

"""Transcripts: what is said in a recording, and what it cost to find out."""

from dataclasses import dataclass

from app.domain.conversations import Tokens


@dataclass(frozen=True, slots=True)
class Transcript:
    """`text` is "" where nothing is said. Of a `model` that is paid by time, the tokens that go in are seconds."""

    text: str
    model: str
    tokens: Tokens

"""What is needed of where customers' files are kept, and of what knows of them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from app.domain.chats import Chat
from app.domain.conversations import Tokens
from app.domain.media import TakenMedia
from app.domain.transcripts import Transcript


class Stored(Protocol):
    """What is known of a file once it is written."""

    @property
    def size(self) -> int: ...
    @property
    def content_type(self) -> str: ...


class MediaFiles(Protocol):
    """Where files are kept."""

    def write(
        self, assistant_id: str, conversation_id: str, media_id: str, pieces: Iterable[bytes], most_bytes: int
    ) -> Stored: ...
    def safe_name(self, name: str) -> str: ...
    def path(self, assistant_id: str, conversation_id: str, media_id: str) -> Path: ...
    def sweep(self, known: Callable[[Sequence[str]], Collection[str]]) -> int: ...


class MediaRows(Protocol):
    """What tells of files."""

    def chat_with(self, media_id: str) -> Chat | None: ...
    def known(self, media_ids: Sequence[str]) -> set[str]: ...


class TakenMediaRows(Protocol):
    """What remembers the files of a message until it was answered; see `InboxRepository.took`."""

    def took(self, item_id: str, taken: TakenMedia) -> TakenMedia: ...


class Transcribes(Protocol):
    """A model that makes text of recordings; raises `ModelError`. `most_tokens`: what one may cost at the most."""

    @property
    def model(self) -> str: ...
    def transcribe(self, recording: Path, seconds: float) -> Transcript: ...
    def most_tokens(self, recording: Path) -> Tokens: ...


class AssistantTranscription(Protocol):
    """The same within an assistant's budget, which may raise `BudgetExhaustedError`."""

    def transcribe(self, assistant_id: str, recording: Path, seconds: float) -> str: ...

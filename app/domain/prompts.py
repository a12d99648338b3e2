"""Versions of an assistant's prompt."""

from dataclasses import dataclass
from datetime import datetime

MOST_PROMPT_CHARACTERS = 20_000
MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something, as they were called at the time: a user, or a program by its key."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who put a prompt in its place (None: the service itself), what they noted, and where its text comes from.

    `restored_from`: the version whose text it is again; `run_id`: the evaluation that tried it.
    """

    author: Author | None = None
    note: str = ""
    restored_from: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """The prompt as it was from `created_at` on (`text` None: there was none); later ones have greater ids.

    The id is that of the revision of the prompt's document.
    """

    id: str
    assistant_id: str
    created_at: datetime
    text: str | None
    authorship: Authorship = Authorship()

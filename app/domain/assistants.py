"""Assistants: what a company connects to a WhatsApp number."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Assistant:
    """An assistant, with the parts of its configuration every message needs.

    `prompt` is the text of its prompt document (None: the default prompt).
    `knowledge_version` grows with every change of its searchable documents.
    """

    id: str
    name: str
    owner_id: str
    api_key: str
    created_at: datetime
    prompt: str | None = None
    knowledge_version: int = 0

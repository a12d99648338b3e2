"""An assistant's prompt: what it is now, what it was, and how it is changed."""

from app.services.prompts.history import PromptHistory, author_of
from app.services.prompts.service import PromptService

__all__ = ["PromptHistory", "PromptService", "author_of"]

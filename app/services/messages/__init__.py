"""What happens to a customer's message: stored once, queued, answered, and its answer kept or dropped."""

from app.services.messages.message import IncomingMessage, MessageRules, Reply
from app.services.messages.service import MessageService

__all__ = ["IncomingMessage", "MessageRules", "MessageService", "Reply"]

"""What happens to a customer's message: stored once, put in line, answered, and its answer kept or dropped."""

from app.services.messages.exchange import IncomingMessage, Reply
from app.services.messages.rules import MessageRules
from app.services.messages.service import MessageService

__all__ = ["IncomingMessage", "MessageRules", "MessageService", "Reply"]

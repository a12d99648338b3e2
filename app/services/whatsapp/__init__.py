"""A model's markdown becomes messages as WhatsApp shows them."""

from app.services.whatsapp.parts import to_parts

__all__ = ["to_parts"]

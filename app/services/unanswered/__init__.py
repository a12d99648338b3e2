"""What customers asked and an assistant did not know."""

from app.services.unanswered.detection import is_unanswered

__all__ = ["is_unanswered"]

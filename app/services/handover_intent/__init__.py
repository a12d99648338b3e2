"""Recognises, without a model, a customer's request to talk to a person."""

from app.services.handover_intent.intent import prepare, wants_person

__all__ = ["prepare", "wants_person"]

"""How well an assistant's documents are found: questions whose answer is known, searched as customers' are."""

from app.services.evaluation.evaluator import Evaluator
from app.services.evaluation.report import Report

__all__ = ["Evaluator", "Report"]

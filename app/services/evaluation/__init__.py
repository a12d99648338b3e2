"""Measures how well an assistant's retrieval finds the answers to known questions."""

from app.services.evaluation.evaluator import Evaluator
from app.services.evaluation.report import Report

__all__ = ["Evaluator", "Report"]

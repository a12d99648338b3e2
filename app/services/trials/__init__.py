"""Asks an assistant outside of any conversation: the test bench, and what evaluations are made of."""

from app.services.trials.asking import TrialAsking
from app.services.trials.bench import ShownTrial, TestBench

__all__ = ["ShownTrial", "TestBench", "TrialAsking"]

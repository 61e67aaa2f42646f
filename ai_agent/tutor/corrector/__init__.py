"""Finds and mends the mistakes that learners of English make most. What it is not sure of it leaves."""

from ai_agent.tutor.corrector.correct import Correction, correct

__all__ = ["Correction", "correct"]

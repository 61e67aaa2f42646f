"""Finds and mends the mistakes that learners of English make most. What it is not sure of it leaves."""

from ai_agent.tutor.corrector.correct import Correction, Examined, correct, examine

__all__ = ["Correction", "Examined", "correct", "examine"]

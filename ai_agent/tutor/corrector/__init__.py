"""Corrects the most common mistakes of learners of English by rules. Leaves what is not sure."""

from ai_agent.tutor.corrector.correct import Examination, SentenceCorrection, correct, examine

__all__ = ["Examination", "SentenceCorrection", "correct", "examine"]

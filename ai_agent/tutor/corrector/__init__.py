"""Corrects the most common mistakes of learners of English by rules. Leaves what is not sure."""

from ai_agent.tutor.corrector.correct import Examination, correct, examine, judge
from ai_agent.tutor.corrector.judgement import Judgement, Outcome, SentenceCorrection

__all__ = ["Examination", "Judgement", "Outcome", "SentenceCorrection", "correct", "examine", "judge"]

"""Corrects the most common mistakes of learners of English, by rules over a parse."""

from ai_agent.tutor.corrector.clause import Clause
from ai_agent.tutor.corrector.in_process import judge
from ai_agent.tutor.corrector.judgement import Judgement, Outcome, SentenceCorrection

__all__ = ["Clause", "Judgement", "Outcome", "SentenceCorrection", "judge"]

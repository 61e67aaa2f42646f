"""Words that the tutor says instead of a lesson when somebody says that they suffer, or attacks it."""

from ai_agent.tutor.care.concern import Category, Concern, Mood, find_concern, mood
from ai_agent.tutor.care.helplines import Helpline
from ai_agent.tutor.care.plan import CarePlan, note, plan

__all__ = ["CarePlan", "Category", "Concern", "Helpline", "Mood", "find_concern", "mood", "note", "plan"]

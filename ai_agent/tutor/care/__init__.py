"""What the tutor says instead of a lesson when somebody says that they suffer, or attacks it."""

from ai_agent.tutor.care.concern import Category, Concern, Mood, find_concern, mood

__all__ = ["Category", "Concern", "Mood", "find_concern", "mood"]

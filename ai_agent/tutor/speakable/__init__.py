"""Makes a model's text fit to be spoken and shown."""

from ai_agent.tutor.speakable.calls import repaired
from ai_agent.tutor.speakable.cleaner import Cleaner
from ai_agent.tutor.speakable.output import CleanPart, DroppedCall
from ai_agent.tutor.speakable.script import segments
from ai_agent.tutor.speakable.spoken import Spoken, spoken

__all__ = ["CleanPart", "Cleaner", "DroppedCall", "Spoken", "repaired", "segments", "spoken"]

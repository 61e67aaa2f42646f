"""The coach as Parlor's own page speaks it: with typed words, and the engines that there are."""

from __future__ import annotations

from ai_agent.jobs.messages import engines_of
from ai_agent.voice_ws.coach import Coach
from server.protocol.tutor import FeedbackNonePart, NoFeedbackReason
from server.protocol.voice.base import parsed
from server.protocol.voice.coaching import COACHING, CoachNoCorrection, CoachOpened, CoachSay


class CoachPage(Coach):
    async def begin(self) -> None:
        """The page says itself what the engines cannot do."""
        self.send(CoachOpened(engines=engines_of(self.talk.engines)))

    async def receive_text(self, text: str) -> bool:
        message = parsed(COACHING, text)
        if isinstance(message, CoachSay):
            self.say(message.text)
            return True
        return self.receive(message)

    # A View

    def show_no_feedback(self, part: FeedbackNonePart) -> None:
        super().show_no_feedback(part)
        if part.reason is NoFeedbackReason.RIGHT:
            self.send(CoachNoCorrection())

    def say(self, text: str) -> None:
        """Typed words are a turn of their own; what was being spoken is given up."""
        self.owe_answer()
        self.talk.dialogue.say(self.talk.learner_id, text)

"""Flux as Parlor's own page speaks it: with what it shows of a talk in a room, and speech as PCM."""

from __future__ import annotations

from ai_agent.audio import OUTPUT_HZ, Pcm
from ai_agent.dialogue.ports import new_id
from ai_agent.jobs.messages import engines_of
from ai_agent.resampler import Resampler
from ai_agent.voice_ws.client import Finished
from ai_agent.voice_ws.flux import Flux
from ai_agent.voice_ws.outgoing import Outgoing
from server.protocol.levels import Level
from server.protocol.tutor import FeedbackItem, FeedbackNonePart, TranscriptPart, TutorState, TutorTextPart
from server.protocol.voice.base import parsed
from server.protocol.voice.flux import FLUX, AudioStart, Connected, KeepAlive
from server.protocol.voice.talking import (
    SPEECH_HZ,
    TalkAlive,
    TalkFeedback,
    TalkNoFeedback,
    TalkOpened,
    TalkSay,
    TalkState,
    TalkText,
    TalkTranscript,
)


class PcmReply:
    """A reply as 16 bits, little-endian, SPEECH_HZ."""

    def __init__(self, out: Outgoing) -> None:
        self._out = out
        self._resampler = Resampler(OUTPUT_HZ, SPEECH_HZ)

    def add(self, frame: Pcm) -> None:
        self._send(self._resampler.feed(frame))

    def flush(self) -> None:
        """Nothing waits."""

    def finish(self) -> None:
        self._send(self._resampler.finish())

    def drop(self) -> None:
        """Nothing is left to send: each part is sent when it is added."""

    def _send(self, pcm: Pcm) -> None:
        if len(pcm):
            self._out.put(pcm.astype("<i2", copy=False).tobytes())


class FluxPage(Flux):
    async def begin(self) -> None:
        """The page says itself what the engines cannot do."""
        self.send(Connected(request_id=self._request_id, sequence_id=self._next()))
        lesson = self.talk.lesson
        self.send(
            TalkOpened(
                tutor_name=lesson.tutor_name,
                topic=lesson.topic,
                level=Level(lesson.level),
                engines=engines_of(self.talk.engines),
            )
        )

    async def receive_text(self, text: str) -> bool:
        message = parsed(FLUX, text)
        if isinstance(message, TalkSay):
            self.talk.dialogue.say(self.talk.learner_id, message.text)
            return True
        if isinstance(message, KeepAlive):
            self.send(TalkAlive())
            return False
        raise Finished

    def start_voice(self) -> PcmReply:
        self.send(AudioStart(turn_index=self._speaks, format="linear16"))
        return PcmReply(self._out)

    # A View

    def show_state(self, state: TutorState) -> None:
        self.send(TalkState(state=state))

    def show_transcript(self, part: TranscriptPart) -> None:
        super().show_transcript(part)
        self.send(TalkTranscript(part=part))

    def show_text(self, part: TutorTextPart) -> None:
        super().show_text(part)
        self.send(TalkText(part=part))

    def show_cannot_hear(self, text: str) -> None:
        """As in a room: the tutor says so, in text alone."""
        turn_id = new_id()
        for part in (
            TutorTextPart(turn_id=turn_id, text=text, is_final=False),
            TutorTextPart(turn_id=turn_id, text="", is_final=True, spoken=""),
        ):
            self.send(TalkText(part=part))

    def show_feedback(self, item: FeedbackItem) -> None:
        self.send(TalkFeedback(part=item))

    def show_no_feedback(self, part: FeedbackNonePart) -> None:
        self.send(TalkNoFeedback(part=part))

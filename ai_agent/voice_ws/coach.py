"""The coach: push to talk, replies as deltas of text and as PCM."""

from __future__ import annotations

import time
from collections import deque

import numpy as np

from ai_agent.audio import INPUT_HZ, OUTPUT_HZ, Pcm
from ai_agent.dialogue.ports import new_id
from ai_agent.resampler import Resampler
from ai_agent.voice_ws.client import VoiceClient
from ai_agent.voice_ws.outgoing import Outgoing
from ai_agent.voice_ws.speech_support import missing
from ai_agent.voice_ws.talk import Talk, pcm16
from server.protocol.tutor import (
    FeedbackItem,
    FeedbackNonePart,
    NoFeedbackReason,
    TranscriptPart,
    TutorTextPart,
)
from server.protocol.voice.base import INVALID_MESSAGE, BadMessage, parsed
from server.protocol.voice.coach import (
    COACH,
    LEVELS,
    AudioEnd,
    CoachCorrection,
    CoachError,
    CoachMessage,
    CoachPing,
    CoachPong,
    CoachText,
    CoachTranscript,
    EndTurn,
    SetCoachTopic,
    SetDifficulty,
)

HOLD_AFTER = INPUT_HZ // 4
"""Samples: chunks that come after `end_turn` are the rest of the turn before; more than this is a new one."""
LOUD, LOUD_FOR = 500.0, INPUT_HZ * 3 // 10
"""Over a reply only so many samples in chunks of this RMS are a new turn: a microphone may stay open."""
KEPT = 2 * INPUT_HZ
PULLS = 25
"""Frames of the tutor's voice that a tick of 20 ms sends at most. The whole reply is sent as it is made: the
client waits for its end before the learner can speak again, and plays it meanwhile."""


class Coach(VoiceClient):
    def __init__(self, talk: Talk, out: Outgoing) -> None:
        super().__init__(talk, out)
        self._owed = 0
        """Finals that the client waits for."""
        self._is_held = False
        self._unheld: deque[Pcm] = deque()
        self._loud = 0
        """Samples of it in loud chunks."""
        self._voice = Resampler(OUTPUT_HZ, INPUT_HZ)
        self._frames: list[Pcm] = []
        """Of this tick: the reply's last words must not come after its end."""
        self._correction: str | None = None
        self._shown_turn: str | None = None
        """The turn id of a correction that is being spoken: its words are no `coach_text`."""
        self._wants_correction = False
        self._to_speak: FeedbackItem | None = None
        """A correction that was asked for during a reply: it is spoken after it, unless a new turn begins."""

    async def begin(self) -> None:
        if text := missing(self.talk):
            hint = " Words can be typed on the page /coach." if self.talk.engines.stt is None else ""
            self.error(f"{text}{hint}")

    async def receive_text(self, text: str) -> bool:
        return self.receive(parsed(COACH, text))

    def receive(self, message: CoachMessage) -> bool:
        if isinstance(message, CoachPing):
            self.send(CoachPong())
            return False
        if isinstance(message, EndTurn):
            self._end_turn()
        elif isinstance(message, SetCoachTopic):
            self.talk.set_lesson(topic=message.topic)
        elif isinstance(message, SetDifficulty):
            self.talk.set_lesson(level=LEVELS[message.level])
        else:
            self._wants_correction = True
            self.talk.dialogue.ask_feedback(self.talk.learner_id)
        return True

    async def receive_binary(self, data: bytes) -> bool:
        try:
            pcm = pcm16(data)
        except ValueError as error:
            raise BadMessage(str(error)) from None
        now = time.monotonic()
        if self._is_held:
            self.talk.push(pcm, now)
            return self.talk.hears_speech
        self._keep(pcm)
        is_new = self._loud > LOUD_FOR if self._is_replying else sum(map(len, self._unheld)) > HOLD_AFTER
        if is_new:
            self._hold(now)
        return self.talk.hears_speech

    @property
    def _is_replying(self) -> bool:
        return not self.talk.dialogue.is_settled

    def _keep(self, pcm: Pcm) -> None:
        """Speech that does not count yet; its beginning is forgotten if it is long."""
        self._unheld.append(pcm)
        if len(pcm) and float(np.sqrt(np.mean(pcm.astype(np.float32) ** 2))) > LOUD:
            self._loud += len(pcm)
        while sum(map(len, self._unheld)) > KEPT:
            self._unheld.popleft()

    def _hold(self, now: float) -> None:
        self._is_held, self._to_speak = True, None
        self.talk.dialogue.hold(self.talk.learner_id, True)
        for pcm in self._unheld:
            self.talk.push(pcm, now)
        self._forget()

    def _forget(self) -> None:
        self._unheld.clear()
        self._loud = 0

    def owe_answer(self) -> None:
        """A turn has ended: its answer ends with a final text."""
        self._owed += 1
        self._to_speak = None
        self._forget()

    def _end_turn(self) -> None:
        self.owe_answer()
        if self._is_held:
            self._is_held = False
            self.talk.dialogue.hold(self.talk.learner_id, False, in_order=True)
        if text := missing(self.talk, hearing_only=True):
            self.error(text)

    def tick(self, now: float) -> None:
        for _ in range(PULLS):
            frame = self.talk.tick(now)
            if frame is None:
                break
            self._frames.append(frame)
        self._send_frames()
        if self._owed and self.talk.dialogue.is_settled:
            while self._owed:
                self._send_final()  # nothing was said, or nothing was understood
        if self._to_speak is not None and not self._is_held and self.talk.dialogue.is_settled:
            self._speak_correction(self._to_speak)

    def _speak_correction(self, item: FeedbackItem) -> None:
        self._to_speak, self._correction = None, new_id()
        self.talk.dialogue.speak(f"{item.corrected_sentence} {item.explanation}", self._correction)

    def _send_frames(self) -> None:
        if self._frames:
            self._send_voice(self._voice.feed(np.concatenate(self._frames)))
            self._frames.clear()

    def _send_voice(self, pcm: Pcm) -> None:
        if len(pcm):
            self._out.put(pcm.astype("<i2", copy=False).tobytes())

    def _send_text(self, part: TutorTextPart) -> None:
        """Words that were said while the answer was awaited are a turn of their own."""
        space = " " if self._shown_turn not in {None, part.turn_id} else ""
        self._shown_turn = part.turn_id
        self.send(CoachText(text=f"{space}{part.text}", isFinal=False))

    def _send_final(self) -> None:
        self._shown_turn = None
        self._owed = max(0, self._owed - 1)
        self.send(CoachText(text="", isFinal=True))

    def error(self, text: str, code: str = INVALID_MESSAGE) -> None:
        del code
        self.send(CoachError(message=text))

    # A View

    def show_transcript(self, part: TranscriptPart) -> None:
        if part.text or part.is_final:
            self.send(CoachTranscript(text=part.text, isFinal=part.is_final))

    def show_text(self, part: TutorTextPart) -> None:
        is_correction = part.turn_id == self._correction
        if not part.is_final:
            if not is_correction:
                self._send_text(part)
        elif part.spoken is not None:
            self._send_frames()
            self._send_voice(self._voice.finish())
            if not is_correction:
                self._send_final()
            self.send(AudioEnd())

    def show_feedback(self, item: FeedbackItem) -> None:
        self.send(
            CoachCorrection(
                original=item.original_sentence,
                corrected=item.corrected_sentence,
                explanation=item.explanation,
            )
        )
        if self._wants_correction and not self._is_held:
            self._to_speak = item
        self._wants_correction = False

    def show_no_feedback(self, part: FeedbackNonePart) -> None:
        self._wants_correction = False
        if part.reason is not NoFeedbackReason.RIGHT:
            self.error(part.text)

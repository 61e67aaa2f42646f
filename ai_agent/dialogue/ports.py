"""The edge of the speech loop: audio and inputs in, audio and events out. It knows no transport.

`room/` (a WebRTC peer) and `voice_ws/` (WebSockets) are the two ways in. All calls come on the event loop's
thread; `now` is seconds on the monotonic clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from ai_agent.audio import Pcm
from ai_agent.tutor.feedback import NoFeedback


class State(StrEnum):
    """The wire's TutorState has the same values."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who may speak to the tutor. `id` is the seat's. `ear`: where their words come from: our STT,
    the browser's recognition, or nowhere (they keep their voice from the tutor; typing still works).
    `is_reached`: the tutor's voice gets to them; not while they have lost the network or reload the page.
    """

    id: str
    name: str
    level: str | None = None
    native_language: str | None = None
    is_host: bool = False
    ear: Literal["stt", "browser", "none"] = "stt"
    keep_audio: bool = False
    hand_raised: bool = False
    is_reached: bool = True


@dataclass(frozen=True, slots=True)
class Lesson:
    """`one_to_one`: everything is for the tutor. `rate`: speaking rate, 1.0 is the voice's own."""

    tutor_name: str
    language: str
    level: str
    topic: str
    voice: str | None = None
    rate: float = 0.9
    one_to_one: bool = True
    breaks_silence: bool = False


@dataclass(frozen=True, slots=True)
class PastMessage:
    role: Literal["learner", "tutor"]
    text: str
    name: str | None = None
    learner_id: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """Checked: categories are those of the wire's FeedbackCategory, the sentences differ."""

    id: str
    original: str
    corrected: str
    explanation: str
    category: str


@dataclass(frozen=True, slots=True)
class TurnTimes:
    """Milliseconds; None where it does not apply. `stt`, `llm`, `tts`: names of the engines that served.

    `began_ms_ago`: from the end of the learner's speech, or without any from when the chat engine was asked,
    until the answer had ended and this is told.
    """

    stt: str | None = None
    llm: str | None = None
    tts: str | None = None
    endpointing_ms: float | None = None
    stt_final_ms: float | None = None
    llm_first_token_ms: float | None = None
    tts_first_byte_ms: float | None = None
    voice_to_voice_ms: float | None = None
    barge_in_stop_ms: float | None = None
    tool_ms: float | None = None
    false_interruptions: int = 0
    feedback_dropped: int = 0
    began_ms_ago: float = 0.0


class DialogueSink(Protocol):
    """What the dialogue shows and keeps. Must not block or raise."""

    def show_state(self, state: State) -> None: ...

    def show_transcript(self, learner_id: str, turn_id: str, text: str, *, is_final: bool) -> None:
        """`text` is the whole turn so far. A turn whose words came to nothing ends with an empty final."""
        ...

    def show_text(
        self,
        turn_id: str,
        text: str,
        *,
        is_final: bool,
        spoken: str | None = None,
        message_id: str | None = None,
    ) -> None:
        """Deltas; the last one is final, with no text, and says what was spoken and how it is kept."""
        ...

    def show_feedback(
        self, learner_id: str, turn_id: str, correction: Correction, message_id: str | None
    ) -> None: ...

    def show_no_feedback(self, learner_id: str, turn_id: str | None, text: str, reason: NoFeedback) -> None:
        """Asked for feedback, and there is none to give: why, and in words."""
        ...

    def keep_message(
        self,
        message_id: str,
        turn_id: str,
        role: Literal["learner", "tutor"],
        learner_id: str | None,
        text: str,
        *,
        speech_s: float,
        audio: Pcm | None,
        was_cut: bool = False,
    ) -> None:
        """A whole message. `audio`: the tutor's always; a learner's only with their consent; at OUTPUT_HZ
        and INPUT_HZ. `was_cut`: the tutor had more to say.
        """
        ...

    def turn_timing(self, turn_id: str, times: TurnTimes) -> None: ...

    def engines_changed(self) -> None:
        """An engine failed and the next of its chain answers."""
        ...


class DialoguePort(Protocol):
    """What a way in drives. `dialogue.session.Dialogue` is it; tests of the ways in use a fake."""

    async def start(self) -> None: ...

    async def aclose(self) -> None:
        """Stops all work and closes the ears. Idempotent."""
        ...

    def push_audio(self, learner_id: str, pcm: Pcm, now: float) -> None:
        """Speech or noise: one frame of INPUT_FRAME samples, in real time, gaps concealed."""
        ...

    def pause_audio(self, learner_id: str, now: float) -> None:
        """Their track carries nothing from here until the next `hear` (DTX, mute, lost). Called once."""
        ...

    def tick(self, now: float) -> Pcm | None:
        """Called every 20 ms: OUTPUT_FRAME samples of the tutor's voice at OUTPUT_HZ; None: silence."""
        ...

    def rewind(self, seconds: float) -> None:
        """So much of the tutor's voice, the last that was asked for, did not get to the room."""
        ...

    def set_people(self, people: Sequence[Learner]) -> None: ...

    def set_lesson(self, lesson: Lesson) -> None: ...

    def say(self, learner_id: str, text: str) -> None: ...

    def hold(self, learner_id: str, speaking: bool) -> None: ...

    def recognized(self, learner_id: str, text: str, *, is_final: bool) -> None: ...

    def ask_tutor(self, learner_id: str) -> None: ...

    def ask_feedback(self, learner_id: str) -> None: ...

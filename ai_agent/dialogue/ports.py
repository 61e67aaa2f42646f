"""The interfaces of the dialogue: audio and inputs in, audio and events out. No transport is known here.

`room/` drives it from a WebRTC room. All calls come on the event loop's thread; `now` is seconds on the
monotonic clock.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ai_agent.audio import Pcm
from ai_agent.classes.teaching import Taught
from ai_agent.tutor.words.looked_up import LookedUp
from server.protocol.agents import ExerciseResult, MessagePart, PassageRef
from server.protocol.classes import ClassAction, ClassMove
from server.protocol.tutor import (
    Confidence,
    FeedbackItem,
    FeedbackNonePart,
    TranscriptPart,
    TutorState,
    TutorTextPart,
)


def new_id() -> str:
    """For a turn, a message or a correction."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Learner:
    """A person who may speak to the tutor. `id`: the participant's. `recognition`: what transcribes their
    speech: our STT, their browser, or nothing (they opted out of being heard; typing still works).
    `is_reached`: the tutor's voice gets to them; not while they have lost the network or reload the page.
    `country` (ISO 3166-1), `time_zone` (IANA): where they are, as far as known.
    `patience`: factor of the pause that ends their turns. `wants_feedback`: on what they say to others.
    """

    id: str
    name: str
    level: str | None = None
    native_language: str | None = None
    is_host: bool = False
    recognition: Literal["stt", "browser", "none"] = "stt"
    keep_audio: bool = False
    hand_raised: bool = False
    is_reached: bool = True
    country: str | None = None
    time_zone: str | None = None
    patience: float = 1.0
    wants_feedback: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """`one_to_one`: every turn is for the tutor. `rate`: speaking rate, 1.0 is the voice's own."""

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
    """`spoken`: recognised, not typed; `confidence`: how surely, if the recogniser says so. `turn_id`: of the
    turn that it is, or answers; None if it is from before this dialogue.
    """

    role: Literal["learner", "tutor"]
    text: str
    name: str | None = None
    learner_id: str | None = None
    spoken: bool = False
    confidence: Confidence | None = None
    turn_id: str | None = None


@dataclass(frozen=True, slots=True)
class TurnTimes:
    """Milliseconds; None where it does not apply. `stt`, `llm`, `tts`: names of the engines used.

    `began_ms_ago`: age of the turn as it is reported: since the end of the learner's speech, or without any
    speech since the chat engine was asked.
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
    """Receives the dialogue's output, except for audio. Must not block or raise."""

    def show_state(self, state: TutorState) -> None: ...

    def show_transcript(self, part: TranscriptPart) -> None:
        """A turn without recognised words ends with an empty final part. A final part may follow another one:
        late words, or words that the learner has mended.
        """
        ...

    def show_text(self, part: TutorTextPart) -> None: ...

    def show_cannot_hear(self, text: str) -> None:
        """All recognisers have failed; `text` says so. Called once a dialogue."""
        ...

    def show_feedback(
        self, learner_id: str, item: FeedbackItem, message_id: str | None, *, later: bool = False
    ) -> None:
        """`message_id`: the learner's message with the corrected sentence. `later`: only stored."""
        ...

    def show_no_feedback(self, learner_id: str, part: FeedbackNonePart) -> None: ...

    def practised_mistake(self, learner_id: str, mistake_id: str, result: ExerciseResult) -> None:
        """Report the result of an exercise of a mistake in the job's memory."""
        ...

    def keep_message(self, message: MessagePart, audio: Pcm | None) -> None:
        """A complete message, to be stored; one with a known id replaces its words. `audio`: the tutor's
        always, at OUTPUT_HZ; a learner's only with their consent, at INPUT_HZ.
        """
        ...

    def cite_passages(self, message_id: str, passages: Sequence[PassageRef]) -> None:
        """The passages of documents, one at least, that a tutor's message draws on. Called after
        `keep_message`."""
        ...

    def keep_word(self, learner_id: str, word: LookedUp) -> None:
        """A word that the learner asked about."""
        ...

    def show_class(self, move: ClassMove) -> None:
        """A class is somewhere else, or more of it was heard."""
        ...

    def turn_timing(self, turn_id: str, times: TurnTimes) -> None: ...

    def engines_changed(self) -> None:
        """An engine failed and its fallback took over."""
        ...


class DialoguePort(Protocol):
    """Driven by a transport. Implemented by `dialogue.dialogue.Dialogue`, and by fakes in tests."""

    async def start(self) -> None: ...

    async def finish(self) -> None:
        """The tutor leaves: keep and judge what people have said until now. Bounded; idempotent."""
        ...

    async def aclose(self) -> None:
        """Stops all work. Idempotent."""
        ...

    def push_audio(self, learner_id: str, pcm: Pcm, now: float) -> None:
        """One frame of INPUT_FRAME samples, in real time, with gaps concealed."""
        ...

    def pause_audio(self, learner_id: str, now: float) -> None:
        """The track carries nothing until the next `push_audio` (DTX, mute, loss). Called once a pause."""
        ...

    def tick(self, now: float) -> Pcm | None:
        """Called every 20 ms: drives endpointing, the floor and the state. Returns OUTPUT_FRAME samples of
        the tutor's voice at OUTPUT_HZ; None: silence.
        """
        ...

    def rewind(self, seconds: float) -> None:
        """The last `seconds` of the tutor's voice did not reach the room and are to be played again."""
        ...

    def set_people(self, people: Sequence[Learner]) -> None: ...

    def set_lesson(self, lesson: Lesson) -> None: ...

    def teach(self, taught: Taught) -> None:
        """From now on, in place of another class."""
        ...

    def end_class(self) -> None:
        """The tutor talks again as before the class. Nothing if there is none."""
        ...

    def control_class(self, action: ClassAction) -> None: ...

    def say(self, learner_id: str, text: str, turn_id: str | None = None) -> None:
        """`turn_id`: of the turn that these words are; the same words may have come to another worker."""
        ...

    def mend(self, learner_id: str, turn_id: str, text: str) -> None:
        """The learner corrects the words of their own turn: these were meant. Nothing if it is another's."""
        ...

    def hold(self, learner_id: str, speaking: bool) -> None:
        """Push-to-talk: the key goes down or up."""
        ...

    def recognized(self, learner_id: str, text: str, *, is_final: bool) -> None:
        """Words of the browser's own recognition."""
        ...

    def ask_tutor(self, learner_id: str) -> None: ...

    def ask_feedback(self, learner_id: str) -> None: ...

    def say_goodbye(self, *, for_others: bool = False) -> None:
        """The tutor is about to leave, because nobody has talked to it for long or `for_others`, who wait for
        one. Does nothing while somebody speaks."""
        ...

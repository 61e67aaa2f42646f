"""Scripted engines, a VAD and a sink for dialogues on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from ai_agent.audio import FRAME_S, INPUT_FRAME, OUTPUT_FRAME, Pcm
from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.dialogue.ports import Learner, Lesson, PastMessage, TurnTimes
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import (
    ChatRequest,
    EngineCard,
    EngineSet,
    Llm,
    SpeechChunk,
    SpeechRequest,
    Stt,
    SttEvent,
    SttEventKind,
    TextDelta,
    ToolCall,
    Tts,
    VoiceCard,
    WordMark,
)
from ai_agent.tutor.words.looked_up import LookedUp
from ai_agent.vad.finished import FinishedJudge
from ai_agent.vad.model import Floats
from ai_agent.vad.service import OnWindow, Vad, VadStream
from server.protocol.agents import ExerciseResult, MessagePart, PassageRef
from server.protocol.classes import ClassMove
from server.protocol.memory import Memory
from server.protocol.tutor import (
    Confidence,
    FeedbackItem,
    FeedbackNonePart,
    Helpline,
    NoFeedbackReason,
    TranscriptPart,
    TutorState,
    TutorTextPart,
)

SPEECH: Pcm = (8000 * np.sin(np.arange(INPUT_FRAME) / 7)).astype(np.int16)
HUM: Pcm = (3000 * np.sin(np.arange(INPUT_FRAME) / 40)).astype(np.int16)
"""Loud enough for the gate, but no speech for `LoudnessVad`."""
STILL: Pcm = np.zeros(INPUT_FRAME, np.int16)


class LoudnessVad:
    """Sound louder than HUM is speech; the result comes at once."""

    def __init__(self) -> None:
        self.windows = 0

    def open(self, on_window: OnWindow) -> VadStream:
        return _LoudnessStream(self, on_window)


class _LoudnessStream:
    def __init__(self, vad: LoudnessVad, on_window: OnWindow) -> None:
        self._vad = vad
        self._on_window = on_window

    def push(self, window: Floats, at: float) -> None:
        self._vad.windows += 1
        self._on_window(1.0 if float(np.abs(window).max()) > 0.15 else 0.0, at)

    def reset(self) -> None:
        pass

    def close(self) -> None:
        pass


class ScriptedStream:
    """Its events come from the test; each `flush` is answered with the next of `answers`."""

    def __init__(self, answers: list[str]) -> None:
        self.pushed = 0
        self.flushes = 0
        self.holds_flushes = False
        self.confidence: float | None = None
        self.levels: list[str] = []
        self.answers = answers
        self._events: asyncio.Queue[SttEvent | ProviderError | None] = asyncio.Queue()

    def push(self, pcm: Pcm) -> None:
        self.pushed += len(pcm)

    def set_level(self, level: str) -> None:
        self.levels.append(level)

    def flush(self) -> None:
        self.flushes += 1
        if not self.holds_flushes:
            self.answer()

    def answer(self) -> None:
        if self.answers:
            self.says("final", self.answers.pop(0))
        self.says("flushed")

    def says(self, kind: SttEventKind, text: str = "") -> None:
        self._events.put_nowait(SttEvent(kind, text, (), self.confidence))

    def fails(self, error: ProviderError) -> None:
        self._events.put_nowait(error)

    def __aiter__(self) -> ScriptedStream:
        return self

    async def __anext__(self) -> SttEvent:
        event = await self._events.get()
        if event is None:
            raise StopAsyncIteration
        if isinstance(event, ProviderError):
            raise event
        return event

    async def aclose(self) -> None:
        self._events.put_nowait(None)


class ScriptedStt:
    """`streams`: one a learner, in the order of joining. `hears`: the words of the next flushes."""

    def __init__(self, *hears: str, detects_turns: bool = False) -> None:
        self.card = EngineCard("scripted stt", "test", is_cloud=False)
        self.detects_turns = detects_turns
        self.streams: list[ScriptedStream] = []
        self.hints: tuple[str, ...] = ()
        self._hears = list(hears)

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> ScriptedStream:
        self.hints = tuple(hints)
        self.streams.append(ScriptedStream(self._hears))
        return self.streams[-1]

    async def aclose(self) -> None:
        pass


Part = str | ToolCall | ProviderError


class ScriptedLlm:
    """`answers`: the parts of each reply in turn, the last one repeated. While `gate` is clear it waits."""

    def __init__(self, *answers: Sequence[Part]) -> None:
        self.card = EngineCard("scripted llm", "test", is_cloud=False)
        self.answers = list(answers) or [["I see. And what did you do then?"]]
        self.requests: list[ChatRequest] = []
        self.closed = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        self.requests.append(request)
        parts = self.answers[min(len(self.requests), len(self.answers)) - 1]
        try:
            for part in parts:
                await self.gate.wait()
                if isinstance(part, ProviderError):
                    raise part
                yield TextDelta(part) if isinstance(part, str) else part
        finally:
            self.closed += 1

    async def aclose(self) -> None:
        pass


class ScriptedTts:
    """60 ms a character at 48 kHz, so that a word's place in the sound is known. `fails_after`: so many words
    of each request, 0 for none at all.
    """

    sample_rate = 48_000
    voices: Sequence[VoiceCard] = (VoiceCard("v", "Voice", "en"),)

    def __init__(self, *, marks: bool = True, fails_after: int | None = None) -> None:
        self.card = EngineCard("scripted tts", "test", is_cloud=False)
        self.requests: list[SpeechRequest] = []
        self.closed = 0
        self._marks = marks
        self.fails_after = fails_after

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        self.requests.append(request)
        try:
            at = 0
            for index, word in enumerate(request.text.split(" ")):
                if index == self.fails_after:
                    raise ProviderError(self.card.name)
                end = at + len(word) + 1
                marks = (WordMark(at * 0.06, min(end, len(request.text))),) if self._marks and word else ()
                samples = np.full((end - at) * 3 * OUTPUT_FRAME, 1000, np.int16)
                yield SpeechChunk(samples, marks)
                at = end
                await asyncio.sleep(0)
        finally:
            self.closed += 1

    async def aclose(self) -> None:
        pass


@dataclass
class Kept:
    message_id: str
    turn_id: str
    role: str
    learner_id: str | None
    text: str
    speech_s: float
    audio: Pcm | None
    was_cut: bool
    confidence: Confidence | None


@dataclass
class RecordingSink:
    states: list[TutorState] = field(default_factory=list)
    transcripts: list[tuple[str, str, bool]] = field(default_factory=list)
    confidences: list[Confidence | None] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    spoken: list[str | None] = field(default_factory=list)
    feedback: list[tuple[str, FeedbackItem]] = field(default_factory=list)
    no_feedback: list[tuple[str, NoFeedbackReason, str]] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    cited: dict[str, list[PassageRef]] = field(default_factory=dict)
    words: list[tuple[str, LookedUp]] = field(default_factory=list)
    times: list[TurnTimes] = field(default_factory=list)
    later: list[tuple[str, FeedbackItem]] = field(default_factory=list)
    practised: list[tuple[str, str, ExerciseResult]] = field(default_factory=list)
    moves: list[ClassMove] = field(default_factory=list)
    changes: int = 0
    helplines: list[Helpline] = field(default_factory=list)
    """With the last part of a text."""

    def show_state(self, state: TutorState) -> None:
        self.states.append(state)

    def show_transcript(self, part: TranscriptPart) -> None:
        self.transcripts.append((part.participant_id, part.text, part.is_final))
        self.confidences.append(part.confidence)

    def show_text(self, part: TutorTextPart) -> None:
        self.texts[part.turn_id] = self.texts.get(part.turn_id, "") + part.text
        self.helplines = part.helplines or []
        if part.is_final:
            self.spoken.append(part.spoken)

    def show_cannot_hear(self, text: str) -> None:
        self.texts["cannot hear"] = text

    def show_feedback(
        self, learner_id: str, item: FeedbackItem, message_id: str | None, *, later: bool = False
    ) -> None:
        (self.later if later else self.feedback).append((learner_id, item))

    def show_no_feedback(self, learner_id: str, part: FeedbackNonePart) -> None:
        self.no_feedback.append((learner_id, part.reason, part.text))

    def practised_mistake(self, learner_id: str, mistake_id: str, result: ExerciseResult) -> None:
        self.practised.append((learner_id, mistake_id, result))

    def show_class(self, move: ClassMove) -> None:
        self.moves.append(move)

    def keep_message(self, message: MessagePart, audio: Pcm | None) -> None:
        self.kept.append(
            Kept(
                message.id,
                message.turn_id,
                message.role,
                message.participant_id,
                message.text,
                message.speech_s,
                audio,
                message.was_cut,
                message.confidence,
            )
        )

    def cite_passages(self, message_id: str, passages: Sequence[PassageRef]) -> None:
        self.cited[message_id] = list(passages)

    def keep_word(self, learner_id: str, word: LookedUp) -> None:
        self.words.append((learner_id, word))

    def turn_timing(self, turn_id: str, times: TurnTimes) -> None:
        self.times.append(times)

    def engines_changed(self) -> None:
        self.changes += 1

    @property
    def finals(self) -> list[str]:
        return [text for _, text, is_final in self.transcripts if is_final]


class Room:
    """A dialogue on virtual time: `run` advances 20 ms at a time and lets the tasks settle.

    `mind`: a chat engine instead of the scripted one.
    """

    def __init__(
        self,
        *,
        stt: Stt | None = None,
        vad: Vad | None = None,
        llm: ScriptedLlm | None = None,
        mind: Llm | None = None,
        tts: Tts | None = None,
        voiceless: bool = False,
        lesson: Lesson | None = None,
        people: Sequence[Learner] = (Learner("ann", "Ann", level="B1"),),
        history: Sequence[PastMessage] = (PastMessage("tutor", "Hello Ann."),),
        judge: FinishedJudge | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.now = 100.0
        self.sink = RecordingSink()
        self.vad = LoudnessVad()
        self.llm = llm or ScriptedLlm()
        self.tts = None if voiceless else tts or ScriptedTts()
        self.played: list[Pcm | None] = []
        self.dialogue = Dialogue(
            lesson=lesson or Lesson("Emma", "en", "B1", "food", rate=1.0),
            people=people,
            engines=EngineSet(stt, mind or self.llm, self.tts),
            vad=vad or self.vad,
            sink=self.sink,
            history=history,
            clock=lambda: self.now,
            judge=judge,
            memory=memory,
        )

    async def __aenter__(self) -> Self:
        await self.dialogue.start()
        await self.settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.dialogue.aclose()

    async def settle(self) -> None:
        for _ in range(12):
            await asyncio.sleep(0)

    async def run(self, seconds: float, **speaking: Pcm) -> None:
        """Runs for `seconds` with the frames of each learner in `speaking`."""
        for _ in range(round(seconds / FRAME_S)):
            self.now += FRAME_S
            for learner_id, pcm in speaking.items():
                self.dialogue.push_audio(learner_id, pcm, self.now)
            self.played.append(self.dialogue.tick(self.now))
            await self.settle()

    async def speak(self, seconds: float = 1.0, *, then: float = 1.5, who: str = "ann") -> None:
        """Speech, then a paused track."""
        await self.run(seconds, **{who: SPEECH})
        self.dialogue.pause_audio(who, self.now)
        await self.run(then)

    @property
    def heard_s(self) -> float:
        """Seconds of the tutor's voice that were played."""
        return sum(frame is not None for frame in self.played) * FRAME_S

    def state(self) -> TutorState:
        return self.dialogue.state

"""A dialogue that plays back the audio it gets, and records all calls."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Sequence

import numpy as np

from ai_agent.audio import OUTPUT_FRAME, Pcm
from ai_agent.classes.teaching import Taught
from ai_agent.dialogue.ports import DialogueSink, Learner, Lesson, PastMessage
from ai_agent.providers.ports import EngineSet
from server.protocol.classes import ClassAction
from server.protocol.memory import Memory
from server.protocol.tutor import TutorState


class EchoDialogue:
    """Implements DialoguePort. `heard` counts frames by learner; `voice` holds frames that are still to be
    played."""

    def __init__(
        self,
        engines: EngineSet,
        sink: DialogueSink,
        *,
        lesson: Lesson,
        people: Sequence[Learner],
        history: Sequence[PastMessage],
        memory: Memory | None = None,
    ) -> None:
        self.sink = sink
        self.lesson = lesson
        self.people = list(people)
        self.history = list(history)
        self.memory = memory
        self.heard: Counter[str] = Counter()
        self.energy: Counter[str] = Counter()
        self.quieted: Counter[str] = Counter()
        self.inputs: list[tuple[str, str, str]] = []
        self.voice: deque[Pcm] = deque()
        self.rewound_s: list[float] = []
        self.taught: Taught | None = None
        self.repeats = True
        self.frames_asked = 0
        self.is_closed = False
        self.started = asyncio.Event()

    async def start(self) -> None:
        self.started.set()
        self.sink.show_state(TutorState.LISTENING)

    async def finish(self) -> None:
        pass

    async def aclose(self) -> None:
        self.is_closed = True

    def push_audio(self, learner_id: str, pcm: Pcm, now: float) -> None:
        assert self.started.is_set()
        self.heard[learner_id] += 1
        self.energy[learner_id] += int(np.abs(pcm).max())
        if self.repeats:
            self.voice.append(np.repeat(pcm, 3))

    def pause_audio(self, learner_id: str, now: float) -> None:
        self.quieted[learner_id] += 1

    def tick(self, now: float) -> Pcm | None:
        assert self.started.is_set()
        self.frames_asked += 1
        return self.voice.popleft() if self.voice else None

    def rewind(self, seconds: float) -> None:
        self.rewound_s.append(seconds)

    def teach(self, taught: Taught) -> None:
        self.taught = taught

    def end_class(self) -> None:
        self.taught = None

    def control_class(self, action: ClassAction) -> None:
        self.inputs.append(("control_class", "", action))

    def speak(self, pcm: Pcm) -> None:
        """At 48 kHz."""
        blocks = pcm[: len(pcm) // OUTPUT_FRAME * OUTPUT_FRAME].reshape(-1, OUTPUT_FRAME)
        self.voice.extend(blocks)

    def set_people(self, people: Sequence[Learner]) -> None:
        self.people = list(people)

    def set_lesson(self, lesson: Lesson) -> None:
        self.lesson = lesson

    def say(self, learner_id: str, text: str, turn_id: str | None = None) -> None:
        self.inputs.append(("say", learner_id, text))

    def hold(self, learner_id: str, speaking: bool) -> None:
        self.inputs.append(("hold", learner_id, str(speaking)))

    def recognized(self, learner_id: str, text: str, *, is_final: bool) -> None:
        self.inputs.append(("recognized", learner_id, text))

    def ask_tutor(self, learner_id: str) -> None:
        self.inputs.append(("ask_tutor", learner_id, ""))

    def mend(self, learner_id: str, turn_id: str, text: str) -> None:
        self.inputs.append(("mend", learner_id, text))

    def ask_feedback(self, learner_id: str) -> None:
        self.inputs.append(("ask_feedback", learner_id, ""))

    def say_goodbye(self, *, for_others: bool = False) -> None:
        self.inputs.append(("", "say_goodbye", ""))

"""The inputs of all learners who are in the room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ai_agent.audio import Pcm
from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.ports import Learner
from ai_agent.dialogue.speaker_input import SpeakerInput, TurnListener
from ai_agent.providers.ports import Stt
from ai_agent.vad.echo import EchoDetector, EchoReference
from ai_agent.vad.finished import FinishedJudge
from ai_agent.vad.service import Vad
from server.common.tasks import TaskSet


class Speakers:
    def __init__(
        self,
        context: LessonContext,
        vad: Vad,
        stt: Stt | None,
        *,
        listener: TurnListener,
        clock: Callable[[], float],
        judge: FinishedJudge | None = None,
    ) -> None:
        self._context = context
        self._vad = vad
        self._stt = stt
        self._listener = listener
        self._clock = clock
        self._judge = judge
        self._reference = EchoReference()
        self._inputs: dict[str, SpeakerInput] = {}
        self._closing = TaskSet()
        self._is_open = False

    def __iter__(self) -> Iterator[SpeakerInput]:
        return iter(tuple(self._inputs.values()))

    def get(self, learner_id: str) -> SpeakerInput | None:
        return self._inputs.get(learner_id)

    def open(self) -> None:
        self._is_open = True

    async def aclose(self) -> None:
        """Open turns are forgotten. Idempotent."""
        self._is_open = False
        inputs, self._inputs = self._inputs, {}
        for speaker in inputs.values():
            await speaker.aclose()
        await self._closing.aclose()

    def set_people(self, people: Sequence[Learner]) -> None:
        for learner_id in set(self._inputs) - {learner.id for learner in people}:
            gone = self._inputs.pop(learner_id)
            self._context.left[learner_id] = gone.learner
            self._closing.spawn(self._finish(gone), f"last words of {learner_id}")
        for learner in people:
            speaker = self._inputs.get(learner.id)
            if speaker is not None and speaker.learner.recognition != learner.recognition:
                self._close(learner.id)
                speaker = None
            if speaker is not None:
                speaker.learner = learner
            elif self._is_open:
                self._open(learner)

    async def wait_closed(self) -> None:
        """Wait until all words of those who have left are there, or are given up."""
        await self._closing.wait()

    def tick(self, now: float) -> None:
        phrases = self._context.phrases
        for speaker in self:
            speaker.tick(now, self._context.level_of(speaker.learner.id), phrases)

    def played(self, frame: Pcm | None) -> None:
        """The tutor's frame that was just played, None for silence: its echo is no speech."""
        self._reference.played(frame)

    def _open(self, learner: Learner) -> None:
        speaker = SpeakerInput(
            learner,
            self._vad,
            self._stt,
            EchoDetector(self._reference),
            listener=self._listener,
            clock=self._clock,
            judge=self._judge,
        )
        self._inputs[learner.id] = speaker
        speaker.open(self._context.lesson.language, self._context.names)

    async def _finish(self, speaker: SpeakerInput) -> None:
        learner = speaker.learner
        try:
            await speaker.finish()
        finally:
            if self._context.left.get(learner.id) is learner:
                del self._context.left[learner.id]
            await speaker.aclose()

    def _close(self, learner_id: str) -> None:
        """Without the words of the open turn: the learner may have taken back that they are heard."""
        speaker = self._inputs.pop(learner_id)
        speaker.end_turn(drop=True)
        self._closing.spawn(speaker.aclose(), f"closing the input of {learner_id}")

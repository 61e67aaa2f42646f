"""The tutor in one conversation: the parts wired together, and what comes in routed to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ai_agent.audio import Pcm
from ai_agent.dialogue.addressing import Addressing
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.floor import Floor
from ai_agent.dialogue.history import History
from ai_agent.dialogue.later_feedback import LaterFeedback
from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.ports import DialogueSink, Learner, Lesson, PastMessage
from ai_agent.dialogue.reply_controller import ReplyController
from ai_agent.dialogue.reply_publisher import ReplyPublisher
from ai_agent.dialogue.said import SaidTurns
from ai_agent.dialogue.speakers import Speakers
from ai_agent.dialogue.states import StateTracker
from ai_agent.dialogue.turn_handler import TurnHandler
from ai_agent.dialogue.word_notes import WordNotes
from ai_agent.providers.ports import EngineSet
from ai_agent.vad.finished import FinishedJudge
from ai_agent.vad.service import Vad
from server.protocol.memory import Memory
from server.protocol.tutor import TutorState

RECENT_S = 30.0
"""The "ask the tutor" button lets the tutor answer words that are at most this old."""
MAX_TYPED = 1_000
UNREACHED_S = 5.0
"""A lost path is noticed after this long: what was said in that time reached nobody."""


class Dialogue:
    """A `DialoguePort`. With a `history` the conversation continues, without a second greeting. `memory`: of
    the learner who is alone with the tutor.
    """

    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        *,
        lesson: Lesson,
        people: Sequence[Learner],
        engines: EngineSet,
        vad: Vad,
        sink: DialogueSink,
        history: Sequence[PastMessage] = (),
        clock: Callable[[], float] = time.monotonic,
        judge: FinishedJudge | None = None,
        memory: Memory | None = None,
    ) -> None:
        context, past = LessonContext(lesson, people, memory), History(history)
        states = StateTracker(sink)
        feedback = LearnerFeedback(context, past, engines.llm, sink)
        later = LaterFeedback(context, feedback, engines.llm)
        addressing = Addressing(context)
        words = WordNotes(past, sink)
        publisher = ReplyPublisher(
            context, past, sink=sink, feedback=feedback, words=words, addressing=addressing, clock=clock
        )
        replies = ReplyController(context, past, engines, states=states, listener=publisher, clock=clock)
        floor = Floor(context, replies=replies, states=states, stt=engines.stt)
        handler = TurnHandler(
            context,
            past,
            floor=floor,
            addressing=addressing,
            replies=replies,
            said=SaidTurns(past, feedback, words, sink),
            later=later,
            sink=sink,
            clock=clock,
        )
        self._context = context
        self._history = past
        self._states = states
        self._feedback = feedback
        self._later = later
        self._addressing = addressing
        self._replies = replies
        self._floor = floor
        self._handler = handler
        self._words = words
        self._speakers = Speakers(context, vad, engines.stt, listener=handler, clock=clock, judge=judge)
        self._sink = sink
        self._clock = clock
        self._greets = not history
        self._is_open = False

    @property
    def state(self) -> TutorState:
        return self._states.state

    async def start(self) -> None:
        self._is_open = True
        self._speakers.open()
        self._sink.show_state(self.state)
        self.set_people(tuple(self._context.people.values()))

    async def aclose(self) -> None:
        """Stops all work, closes the speakers' inputs. Idempotent."""
        self._is_open = False
        await self._speakers.aclose()
        await self._replies.aclose()
        await self._feedback.aclose()
        await self._later.aclose()
        await self._words.aclose()

    # Audio

    def push_audio(self, learner_id: str, pcm: Pcm, now: float) -> None:
        if (speaker := self._speakers.get(learner_id)) is not None:
            speaker.push_audio(pcm, now)

    def pause_audio(self, learner_id: str, now: float) -> None:
        if (speaker := self._speakers.get(learner_id)) is not None:
            speaker.pause_audio(now)

    def tick(self, now: float) -> Pcm | None:
        if not self._is_open:
            return None
        self._speakers.tick(now)
        for speaker in self._speakers:
            if speaker.turn is not None and self._floor.resolve_overlap(speaker.turn, now):
                speaker.end_turn(drop=True)
        self._maybe_speak_first(now)
        may_speak = self._context.is_reached and self._floor.is_free(now)
        frame = self._replies.tick(now, may_speak=may_speak)
        self._floor.settle()
        self._speakers.played(frame)
        return frame

    def rewind(self, seconds: float) -> None:
        self._replies.rewind(seconds)

    def _maybe_speak_first(self, now: float) -> None:
        if self.state is not TutorState.IDLE or not self._context.people:
            self._addressing.not_silent(now)
            return
        if self._greets and self._context.lesson.one_to_one:
            self._greets = False
            self._handler.start_reply(next(iter(self._context.people.values())), "greet")
        elif (asked_by := self._context.people.get(self._addressing.open_question(now) or "")) is not None:
            self._handler.start_reply(asked_by, "reply")
        elif self._addressing.may_break_silence(now):
            self._handler.start_reply(None, "break_silence")

    # People and lesson

    def set_people(self, people: Sequence[Learner]) -> None:
        was_reached = self._context.is_reached
        self._context.people = {learner.id: learner for learner in people}
        if self._context.is_reached and not was_reached:
            self._replies.rewind(UNREACHED_S)
        self._speakers.set_people(people)

    def set_lesson(self, lesson: Lesson) -> None:
        """Applies from the next reply on. Another language needs other engines, so another dialogue."""
        self._context.set_lesson(lesson)

    # Typing, push-to-talk, the browser's recognition, buttons

    def say(self, learner_id: str, text: str, turn_id: str | None = None) -> None:
        learner, text = self._context.people.get(learner_id), text.strip()[:MAX_TYPED]
        if learner is not None and text and self._is_open:
            self._handler.typed(learner, text, turn_id)

    def mend(self, learner_id: str, turn_id: str, text: str) -> None:
        text = text.strip()[:MAX_TYPED]
        if learner_id in self._context.people and text and self._is_open:
            self._handler.mend(learner_id, turn_id, text)

    def hold(self, learner_id: str, speaking: bool) -> None:
        speaker, now = self._speakers.get(learner_id), self._clock()
        if speaker is None:
            return
        if speaking:
            self._floor.key_held(now)
            speaker.hold(now)
        else:
            speaker.release(now)

    def recognized(self, learner_id: str, text: str, *, is_final: bool) -> None:
        speaker, now = self._speakers.get(learner_id), self._clock()
        if speaker is None:
            return
        is_echo = self._floor.is_tutor_echo(
            text,
            now,
            track_at=speaker.track_at,
            voice_at=speaker.voice_at,
            is_push_to_talk=speaker.turn is not None and speaker.turn.is_push_to_talk,
        )
        if not is_echo:
            speaker.recognized(text.strip()[:MAX_TYPED], is_final=is_final, now=now)

    def ask_tutor(self, learner_id: str) -> None:
        speaker, learner = self._speakers.get(learner_id), self._context.people.get(learner_id)
        if speaker is None or learner is None:
            return
        if speaker.turn is not None:
            speaker.turn.wants_tutor = True
            return
        now, last = self._clock(), self._history.last()
        is_unanswered = last is not None and last.role == "learner"
        if is_unanswered and self.state is TutorState.IDLE and self._addressing.spoke_within(RECENT_S, now):
            self._handler.start_reply(learner, "reply")
        else:
            self._addressing.asks_tutor(learner_id, now)

    def say_goodbye(self) -> None:
        if self._is_open and self.state is TutorState.IDLE:
            self._handler.say_goodbye()

    def ask_feedback(self, learner_id: str) -> None:
        if learner_id in self._context.people and self._is_open:
            self._feedback.ask(learner_id)

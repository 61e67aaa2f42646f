"""The tutor in one conversation: the parts wired together, and what comes in routed to them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from ai_agent.audio import Pcm
from ai_agent.classes.teaching import Line, Taught, Teaching
from ai_agent.dialogue.addressing import Addressing
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.floor import Floor
from ai_agent.dialogue.history import History
from ai_agent.dialogue.later_feedback import LaterFeedback
from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.ports import DialogueSink, Learner, Lesson, PastMessage, new_id
from ai_agent.dialogue.reply_controller import ReplyController
from ai_agent.dialogue.reply_publisher import ReplyPublisher
from ai_agent.dialogue.said import SaidTurns
from ai_agent.dialogue.speakers import Speakers
from ai_agent.dialogue.states import StateTracker
from ai_agent.dialogue.turn import RELEASE_TAIL_S, Turn
from ai_agent.dialogue.turn_handler import TurnHandler
from ai_agent.dialogue.word_notes import WordNotes
from ai_agent.providers.ports import EngineSet
from ai_agent.vad.finished import FinishedJudge
from ai_agent.vad.service import Vad
from server.protocol.classes import ClassAction
from server.protocol.memory import Memory
from server.protocol.tutor import Confidence, TutorState

_log = logging.getLogger(__name__)

RECENT_S = 30.0
"""The "ask the tutor" button lets the tutor answer words that are at most this old."""
MAX_TYPED = 1_000
FINISH_S = 4.0
"""Longest time for the last words of people who have left: their recognition, and their corrections."""
UNREACHED_S = 5.0
"""A lost path is noticed after this long: what was said in that time reached nobody."""


class Dialogue:
    """A `DialoguePort`. With a `history` the conversation continues, without a second greeting. `memory`: of
    the learner who is alone with the tutor. `takes_initiative`: the tutor greets
    and breaks silences; otherwise it answers alone.
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
        takes_initiative: bool = True,
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
        self._takes_initiative = takes_initiative
        self._is_open = False

    @property
    def state(self) -> TutorState:
        return self._states.state

    async def start(self) -> None:
        self._is_open = True
        self._speakers.open()
        self._sink.show_state(self.state)
        self.set_people(tuple(self._context.people.values()))

    async def finish(self) -> None:
        """Nobody listens any more: what people have said until now is kept and judged, and nobody is
        answered. Takes FINISH_S at most; then call `aclose`. Idempotent.
        """
        if not self._is_open:
            return
        self._is_open = False
        self._handler.leave_off()
        self._context.people = {}
        self._speakers.set_people(())
        try:
            async with asyncio.timeout(FINISH_S):
                await self._speakers.wait_closed()
                await self._later.wait()
        except TimeoutError:
            _log.info("the last words of a talk were not judged in time")

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

    def tick(self, now: float, *, wants_audio: bool = True) -> Pcm | None:
        """`wants_audio`: False if the tutor's voice waits meanwhile, because enough of it is on its way."""
        if not self._is_open:
            return None
        self._speakers.tick(now)
        for speaker in self._speakers:
            if speaker.turn is not None and self._floor.resolve_overlap(speaker.turn, now):
                speaker.end_turn(drop=True)
        if not self._teach(now, is_quiet=wants_audio):
            self._maybe_speak_first(now)
        may_speak = self._context.is_reached and self._floor.is_free(now)
        frame = self._replies.tick(now, may_speak=may_speak) if wants_audio or not may_speak else None
        self._floor.settle()
        self._speakers.played(frame)
        return frame

    def rewind(self, seconds: float) -> None:
        if (teaching := self._context.in_class) is not None:
            teaching.rewind(seconds - self._replies.speech_s)
        self._replies.rewind(seconds)

    def _maybe_speak_first(self, now: float) -> None:
        if not self._takes_initiative:
            return
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

    # Classes

    def teach(self, taught: Taught) -> None:
        if not self._is_open:
            return
        self.end_class()
        lesson = self._context.lesson
        teaching = Teaching(
            taught, lesson.language, lesson.tutor_name, moved=self._sink.show_class, new_id=new_id
        )
        self._context.teaching = teaching
        teaching.begin()

    def end_class(self) -> None:
        teaching, self._context.teaching = self._context.teaching, None
        if teaching is not None and teaching.line is not None:
            self._handler.be_silent()

    def control_class(self, action: ClassAction) -> None:
        teaching = self._context.in_class
        if teaching is None:
            return
        if action is not ClassAction.GO_ON and teaching.line is not None:
            teaching.somebody_spoke()
            self._handler.be_silent()
        teaching.control(action)

    @property
    def class_line(self) -> Line | None:
        """The sentence of a class that the tutor says now."""
        return self._context.teaching.line if self._context.teaching is not None else None

    def _teach(self, now: float, *, is_quiet: bool) -> bool:
        """False: there is no class."""
        teaching = self._context.in_class
        if teaching is None:
            return False
        self._greets = False
        self._addressing.not_silent(now)
        line = teaching.due(
            now,
            is_settled=self.is_settled and self._context.is_reached,
            is_quiet=is_quiet,
            is_sounding=self.state is TutorState.SPEAKING,
        )
        if line is not None:
            self._handler.speak(line.text, line.turn_id)
        return True

    # People and lesson

    def set_people(self, people: Sequence[Learner]) -> None:
        was_reached = self._context.is_reached
        self._context.people = {learner.id: learner for learner in people}
        if self._context.is_reached and not was_reached:
            self.rewind(UNREACHED_S)
        self._speakers.set_people(people)

    def set_lesson(self, lesson: Lesson) -> None:
        """Applies from the next reply on. Another language needs other engines, so another dialogue."""
        self._context.set_lesson(lesson)

    # Questions of transports without WebRTC

    @property
    def is_settled(self) -> bool:
        """Nobody speaks, no words are awaited and no reply is due."""
        return self.state is TutorState.IDLE and not any(speaker.is_busy for speaker in self._speakers)

    @property
    def is_written(self) -> bool:
        """All of the present reply's text was shown; true as well without a reply."""
        return self._replies.is_written

    def turn_of(self, learner_id: str) -> Turn | None:
        """The learner's open turn."""
        speaker = self._speakers.get(learner_id)
        return speaker.turn if speaker is not None else None

    def heard(
        self, learner_id: str, turn_id: str, text: str, confidence: Confidence | None, speech_s: float
    ) -> None:
        """A turn that was recognised elsewhere, as a whole recording."""
        learner, text = self._context.people.get(learner_id), text.strip()[:MAX_TYPED]
        if learner is not None and text and self._is_open:
            self._handler.heard(learner, turn_id, text, confidence, speech_s)

    def speak(self, text: str, turn_id: str) -> None:
        """Say these words. A reply in progress is cut."""
        if self._is_open:
            self._handler.speak(text, turn_id)

    # Typing, push-to-talk, the browser's recognition, buttons

    def say(self, learner_id: str, text: str, turn_id: str | None = None) -> None:
        learner, text = self._context.people.get(learner_id), text.strip()[:MAX_TYPED]
        if learner is not None and text and self._is_open:
            self._handler.typed(learner, text, turn_id)

    def mend(self, learner_id: str, turn_id: str, text: str) -> None:
        text = text.strip()[:MAX_TYPED]
        if learner_id in self._context.people and text and self._is_open:
            self._handler.mend(learner_id, turn_id, text)

    def hold(self, learner_id: str, speaking: bool, *, in_order: bool = False) -> None:
        """`in_order`: the last sound of held speech came before the key's release."""
        speaker, now = self._speakers.get(learner_id), self._clock()
        if speaker is None:
            return
        if speaking:
            self._floor.key_held(now)
            speaker.hold(now)
        else:
            speaker.release(now - RELEASE_TAIL_S if in_order else now)

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

    def say_goodbye(self, *, for_others: bool = False) -> None:
        if self._is_open and self.state is TutorState.IDLE:
            self._handler.say_goodbye(for_others=for_others)

    def ask_feedback(self, learner_id: str) -> None:
        if learner_id in self._context.people and self._is_open:
            self._feedback.ask(learner_id)

"""The tutor in one conversation: ears, floor and mouth put together. It knows no transport and no vendor."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ai_agent.audio import INPUT_HZ, Pcm, seconds
from ai_agent.dialogue.conversation import Conversation, Purpose, new_id
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.floor import Floor
from ai_agent.dialogue.notices import notices
from ai_agent.dialogue.ports import DialogueSink, Learner, Lesson, PastMessage, State
from ai_agent.dialogue.reply_controller import Reply, ReplyController
from ai_agent.dialogue.speaker_input import SpeakerInput
from ai_agent.dialogue.states import Event
from ai_agent.dialogue.tasks import Tasks
from ai_agent.dialogue.timing import Marks
from ai_agent.dialogue.turn import Turn
from ai_agent.providers.ports import ChatMessage, EngineSet
from ai_agent.vad.echo import EchoGuard, EchoReference
from ai_agent.vad.service import Vad

RECENT_S = 30.0
"""So old may words be that the button asks the tutor to answer."""
MAX_TYPED = 1_000
UNSEEN_S = 5.0
"""A lost path is noticed after so long: what was said in that time was said to nobody."""


class Dialogue:
    """A `DialoguePort`. `history` that is not empty is gone on with: no second greeting."""

    def __init__(
        self,
        *,
        lesson: Lesson,
        people: Sequence[Learner],
        engines: EngineSet,
        vad: Vad,
        sink: DialogueSink,
        history: Sequence[PastMessage] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._conversation = Conversation(lesson, people, history, engines, sink, clock)
        self._feedback = LearnerFeedback(self._conversation)
        self._replies = ReplyController(self._conversation, self._feedback)
        self._floor = Floor(self._conversation, self._replies)
        self._vad = vad
        self._reference = EchoReference()
        self._ears: dict[str, SpeakerInput] = {}
        self._closing = Tasks()
        self._greets = not history
        self._says_it_is_deaf = True
        self._is_open = False

    @property
    def state(self) -> State:
        return self._conversation.state

    async def start(self) -> None:
        self._is_open = True
        self._conversation.sink.show_state(self._conversation.state)
        self.set_people(tuple(self._conversation.people.values()))

    async def aclose(self) -> None:
        """Stops all work, closes the ears. Idempotent."""
        self._is_open = False
        ears, self._ears = self._ears, {}
        for ear in ears.values():
            await ear.aclose()
        await self._replies.aclose()
        await self._feedback.aclose()
        await self._closing.aclose()

    # Sound

    def push_audio(self, learner_id: str, pcm: Pcm, now: float) -> None:
        if (ear := self._ears.get(learner_id)) is not None:
            ear.hear(pcm, now)

    def pause_audio(self, learner_id: str, now: float) -> None:
        if (ear := self._ears.get(learner_id)) is not None:
            ear.quiet(now)

    def tick(self, now: float) -> Pcm | None:
        if not self._is_open:
            return None
        ears = tuple(self._ears.values())
        for ear in ears:
            ear.tick(now, self._conversation.level_of(ear.learner.id), self._conversation.phrases)
        self._floor.judge_overlaps(ears, now)
        self._maybe_speak_first(now)
        may_speak = self._conversation.is_heard and self._floor.is_free(ears, now)
        frame = self._replies.tick(now, may_speak=may_speak)
        self._settle()
        self._reference.played(frame)
        return frame

    def rewind(self, seconds: float) -> None:
        self._replies.rewind(seconds)

    def _maybe_speak_first(self, now: float) -> None:
        if self._conversation.state is not State.IDLE or not self._conversation.people:
            return
        if self._greets and self._conversation.lesson.one_to_one:
            self._greets = False
            self._answer(next(iter(self._conversation.people.values())), "greet")
        elif self._floor.silence_is_long(now):
            self._answer(None, "break_silence")

    # People and lesson

    def set_people(self, people: Sequence[Learner]) -> None:
        conversation = self._conversation
        was_heard = conversation.is_heard
        conversation.people = {learner.id: learner for learner in people}
        if conversation.is_heard and not was_heard:
            self._replies.rewind(UNSEEN_S)
        for learner_id in set(self._ears) - set(conversation.people):
            self._close_ear(learner_id)
        for learner in people:
            ear = self._ears.get(learner.id)
            if ear is not None and ear.learner.ear != learner.ear:
                self._close_ear(learner.id)
                ear = None
            if ear is not None:
                ear.learner = learner
            elif self._is_open:
                self._open_ear(learner)

    def _open_ear(self, learner: Learner) -> None:
        conversation = self._conversation
        guard = EchoGuard(self._reference)
        ear = SpeakerInput(
            learner,
            self._vad,
            conversation.engines.stt,
            guard,
            listener=self,
            new_id=new_id,
            clock=conversation.clock,
        )
        self._ears[learner.id] = ear
        names = [conversation.lesson.tutor_name, *(p.name for p in conversation.people.values())]
        ear.open(conversation.lesson.language, tuple(dict.fromkeys(names)))

    def _close_ear(self, learner_id: str) -> None:
        ear = self._ears.pop(learner_id)
        ear.end_turn(drop=True)
        self._closing.spawn(ear.aclose(), f"closing the ear of {learner_id}")

    def set_lesson(self, lesson: Lesson) -> None:
        """Counts from the next answer on. Another language needs other engines, so another dialogue."""
        self._conversation.lesson = lesson

    # Other ways to speak

    def say(self, learner_id: str, text: str) -> None:
        learner = self._conversation.people.get(learner_id)
        text = text.strip()[:MAX_TYPED]
        if learner is None or not text or not self._is_open:
            return
        turn_id = new_id()
        self._conversation.sink.show_transcript(learner_id, turn_id, text, is_final=True)
        message_id = self._keep(learner, turn_id, text, None, 0.0)
        self._answer(learner, "reply", turn_id=turn_id, message_id=message_id)

    def hold(self, learner_id: str, speaking: bool) -> None:
        ear = self._ears.get(learner_id)
        if ear is None:
            return
        now = self._conversation.clock()
        if speaking and self._replies.current is not None:
            self._replies.current.reply.marks.overlap = now
            self._replies.cut()
            self._conversation.apply(Event.BARGE_IN)
        ear.hold(speaking, now)

    def recognized(self, learner_id: str, text: str, *, is_final: bool) -> None:
        ear, now = self._ears.get(learner_id), self._conversation.clock()
        if ear is not None and not self._floor.is_own_voice(ear, text, now):
            ear.recognized(text.strip()[:MAX_TYPED], is_final, now)

    def ask_tutor(self, learner_id: str) -> None:
        conversation, now = self._conversation, self._conversation.clock()
        ear, learner = self._ears.get(learner_id), conversation.people.get(learner_id)
        if ear is None or learner is None:
            return
        if ear.turn is not None:
            ear.turn.wants_tutor = True
            return
        last = conversation.history.last()
        waits = last is not None and last.role == "learner" and self._floor.words_are_younger(RECENT_S, now)
        if waits and conversation.state is State.IDLE:
            self._answer(learner, "reply")
        else:
            self._floor.wants_tutor(learner_id, now)

    def ask_feedback(self, learner_id: str) -> None:
        if learner_id in self._conversation.people and self._is_open:
            self._feedback.ask(learner_id)

    # What the ears tell

    def turn_began(self, turn: Turn) -> None:
        self._floor.began(turn)

    def turn_spoke(self, turn: Turn) -> None:
        self._conversation.sink.show_transcript(turn.learner_id, turn.id, turn.text, is_final=False)

    def turn_might_end(self, turn: Turn) -> None:
        learner = self._conversation.people.get(turn.learner_id)
        if learner is None or not turn.text or turn.overlaps_reply:
            return
        if self._floor.is_for_tutor(turn, self._conversation.clock(), peek=True):
            unsaid = ChatMessage(
                "learner", turn.text, None if self._conversation.lesson.one_to_one else learner.name
            )
            self._replies.start_speculative(self._new_answer(learner, "reply", turn.id, Marks(), unsaid))

    def turn_goes_on(self, turn: Turn) -> None:
        self._replies.drop_speculative(turn.id)

    def turn_ended(self, turn: Turn, audio: Pcm | None) -> None:
        conversation, now = self._conversation, self._conversation.clock()
        learner = conversation.people.get(turn.learner_id)
        text = turn.text
        conversation.sink.show_transcript(turn.learner_id, turn.id, text, is_final=True)
        if not text or learner is None:
            self._replies.drop_speculative()
            self._nothing()
            return
        is_for_tutor = self._floor.is_for_tutor(turn, now)
        speech_s = (
            seconds(audio, INPUT_HZ) if audio is not None else max(0.0, turn.voice_at - turn.started_at)
        )
        message_id = self._keep(learner, turn.id, text, audio, speech_s)
        if is_for_tutor:
            marks = Marks(
                voice_end=turn.voice_at, decided=now, words_asked=turn.flush_at, words_done=turn.flushed_at
            )
            self._answer(learner, "reply", turn_id=turn.id, marks=marks, message_id=message_id, heard=True)
        else:
            self._replies.drop_speculative()
            self._nothing()

    def ear_failed(self) -> None:
        stage, language = self._conversation.sink, self._conversation.lesson.language
        stage.engines_changed()
        if self._says_it_is_deaf:
            self._says_it_is_deaf = False
            turn_id, text = new_id(), notices(language).cannot_hear
            stage.show_text(turn_id, text, is_final=False)
            stage.show_text(turn_id, "", is_final=True, spoken="")

    # Answers

    def _answer(
        self,
        learner: Learner | None,
        purpose: Purpose,
        *,
        turn_id: str | None = None,
        marks: Marks | None = None,
        message_id: str | None = None,
        heard: bool = False,
    ) -> None:
        marks = marks or Marks(decided=self._conversation.clock())
        answer = self._replies.take_speculative(turn_id)
        if answer is None:
            answer = self._new_answer(learner, purpose, turn_id or new_id(), marks, None)
        else:
            answer.reply.marks.adopt(marks)
        answer.learner_message_id = message_id
        if heard and self._conversation.engines.stt is not None:
            answer.stt = self._conversation.engines.stt.card.name
        self._replies.begin(answer)
        self._floor.goes_on(self._ears.values(), answer.turn_id)

    def _new_answer(
        self,
        learner: Learner | None,
        purpose: Purpose,
        turn_id: str,
        marks: Marks,
        unsaid: ChatMessage | None,
    ) -> Reply:
        return Reply(self._conversation, self._feedback, turn_id, learner, purpose, marks, unsaid=unsaid)

    def _keep(self, learner: Learner, turn_id: str, text: str, audio: Pcm | None, speech_s: float) -> str:
        conversation, message_id = self._conversation, new_id()
        conversation.history.add(PastMessage("learner", text, learner.name, learner.id))
        self._floor.learner_spoke(learner.id, conversation.clock())
        self._feedback.turn_was(learner.id, turn_id, message_id)
        conversation.sink.keep_message(
            message_id, turn_id, "learner", learner.id, text, speech_s=speech_s, audio=audio
        )
        return message_id

    def _nothing(self) -> None:
        self._conversation.apply(Event.NOTHING)
        self._settle()

    def _settle(self) -> None:
        """The state follows who speaks: others may be in the middle of a turn, or have left in it."""
        conversation = self._conversation
        turns = [ear.turn for ear in self._ears.values() if ear.turn is not None]
        if conversation.state is State.IDLE and turns:
            conversation.apply(Event.SPEECH)
        elif conversation.state is State.LISTENING and not turns:
            conversation.apply(Event.NOTHING)
        elif conversation.state is State.INTERRUPTED and not any(turn.overlaps_reply for turn in turns):
            conversation.apply(Event.FALSE_INTERRUPTION)

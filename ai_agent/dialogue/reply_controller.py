"""The tutor's mouth: one answer at a time, begun, held back, cut or brought to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ai_agent.audio import Pcm
from ai_agent.dialogue.conversation import Conversation, Purpose, new_id
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.ports import Learner, PastMessage, State
from ai_agent.dialogue.reply_pipeline import ReplyPipeline
from ai_agent.dialogue.states import Event
from ai_agent.dialogue.tasks import Tasks
from ai_agent.dialogue.timing import Marks
from ai_agent.providers.ports import ChatMessage, ToolCall
from ai_agent.turns.phrases import plain

STUCK_S = 20.0
"""An answer without a sound for so long is given up: its engines hang, or people spoke on and it is stale."""


class Reply:
    """A reply with whom it is for. `stt`: name of the engine that heard the turn, None if none did.
    `learner_message_id`: the message it answers, once that is kept.
    """

    stt: str | None = None
    learner_message_id: str | None = None

    def __init__(
        self,
        conversation: Conversation,
        corrections: LearnerFeedback,
        turn_id: str,
        learner: Learner | None,
        purpose: Purpose,
        marks: Marks,
        *,
        unsaid: ChatMessage | None = None,
    ) -> None:
        self.turn_id = turn_id
        self.learner = learner
        self.purpose = purpose
        self.begun_at = conversation.clock()
        self._conversation = conversation
        self._feedback = corrections
        request = conversation.request(learner, purpose, unsaid=unsaid)
        self.reply = ReplyPipeline(
            request, conversation.engines, conversation.lesson, self, conversation.clock, marks
        )

    @property
    def answers_to(self) -> str:
        """The last words of what the chat engine was asked."""
        return self.reply.request.messages[-1].text

    def text(self, delta: str) -> None:
        self._conversation.sink.show_text(self.turn_id, delta, is_final=False)

    def tool(self, call: ToolCall) -> None:
        if self.learner is not None:
            given = self._feedback.give(call, self.learner.id, self.turn_id, self.learner_message_id)
            self.reply.marks.feedback_dropped += not given


def _nobody(_: Reply) -> None:
    pass


class ReplyController:
    """`current`: the answer that is being given. `on_closed`: who is told of one that ended or was cut."""

    def __init__(self, conversation: Conversation, corrections: LearnerFeedback) -> None:
        self.current: Reply | None = None
        self._speculative: Reply | None = None
        self._conversation = conversation
        self._feedback = corrections
        self._tasks = Tasks()
        self._running: dict[Reply, asyncio.Task[None]] = {}
        self._fading: ReplyPipeline | None = None
        self.on_closed: Callable[[Reply], None] = _nobody

    async def aclose(self) -> None:
        """Stops at once; what was spoken is kept. Idempotent."""
        self.drop_speculative()
        self.cut()
        await self._tasks.aclose()

    def begin(self, answer: Reply) -> None:
        """Whatever was being said is cut."""
        self.cut()
        self.current = answer
        self._conversation.apply(Event.TURN)
        answer.reply.confirm()
        if answer not in self._running:
            self._run(answer)

    def start_speculative(self, answer: Reply) -> None:
        """To a turn that has perhaps not ended: neither shown nor spoken until it has."""
        self.drop_speculative()
        self._speculative = answer
        self._run(answer)

    def take_speculative(self, turn_id: str | None) -> Reply | None:
        """The tentative answer, if it was thought of for just the words that this turn ended with; else it is
        dropped."""
        answer, last = self._speculative, self._conversation.history.last()
        if answer is None or answer.turn_id != turn_id or last is None or last.text != answer.answers_to:
            self.drop_speculative()
            return None
        self._speculative = None
        return answer

    def drop_speculative(self, turn_id: str | None = None) -> None:
        """`turn_id`: only if it is to this turn."""
        answer = self._speculative
        if answer is not None and turn_id in {None, answer.turn_id}:
            self._stop(answer)
            self._speculative = None

    def cut(self) -> None:
        """Chat engine, speech engine and queued sound end together. The history gets what was heard."""
        answer = self.current
        if answer is None:
            return
        self.current = None
        self._stop(answer)
        self._fading = answer.reply
        marks = answer.reply.marks
        marks.cut = marks.cut or self._conversation.clock()
        self._close(answer)

    def rewind(self, seconds: float) -> None:
        """So much of the voice reached nobody: what was said in it is said again. An answer that has ended is
        left at what the page shows of it."""
        if self.current is not None:
            self.current.reply.voice.go_back(seconds)

    def tick(self, now: float, *, may_speak: bool) -> Pcm | None:
        answer = self.current
        if answer is None:
            dying, self._fading = self._fading, None
            return dying.voice.fade_out() if dying else None
        voice = answer.reply.voice
        if may_speak:
            voice.resume()
        else:
            voice.pause()
            marks = answer.reply.marks
            marks.cut = marks.cut or now
        frame = voice.pull()
        answer.reply.pulled()
        if frame is not None:
            self._sounded(answer, now)
        else:
            is_stuck = answer.reply.marks.heard is None and now - answer.begun_at > STUCK_S
            if is_stuck or (answer.reply.is_written and voice.is_drained):
                self._end()
        return frame

    def _sounded(self, answer: Reply, now: float) -> None:
        marks = answer.reply.marks
        if marks.heard is None:
            marks.heard = now
        if self._conversation.state is State.THINKING:
            self._conversation.apply(Event.AUDIO)

    def _end(self) -> None:
        answer = self.current
        if answer is None:
            return
        self.current = None
        self._stop(answer)
        self._close(answer)
        self._conversation.apply(Event.DONE)

    def _run(self, answer: Reply) -> None:
        self._running[answer] = self._tasks.spawn(answer.reply.run(), f"answer to {answer.turn_id}")

    def _stop(self, answer: Reply) -> None:
        task = self._running.pop(answer, None)
        if task is not None:
            task.cancel()

    def _close(self, answer: Reply) -> None:
        """Tells what was spoken, and keeps it."""
        conversation, reply = self._conversation, answer.reply
        spoken = reply.voice.spoken_text()
        message_id = new_id() if spoken and not reply.failed else None
        conversation.sink.show_text(answer.turn_id, "", is_final=True, spoken=spoken, message_id=message_id)
        learner_id = answer.learner.id if answer.learner else None
        if message_id is not None:
            conversation.history.add(PastMessage("tutor", spoken, conversation.lesson.tutor_name, learner_id))
            conversation.sink.keep_message(
                message_id,
                answer.turn_id,
                "tutor",
                learner_id,
                spoken,
                speech_s=reply.voice.speech_s,
                audio=reply.voice.audio(),
                was_cut=len(spoken) < len(reply.text.strip()),
            )
        engines = conversation.engines
        tts = engines.tts.card.name if engines.tts else None
        times = reply.marks.times(answer.stt, engines.llm.card.name, tts, conversation.clock())
        conversation.sink.turn_timing(answer.turn_id, times)
        self.on_closed(answer)

    def words(self) -> frozenset[str]:
        """What it says now, and what it said last: the words that its echo may bring back."""
        last = self._conversation.history.last()
        said = [last.text] if last is not None and last.role == "tutor" else []
        if self.current is not None:
            said.append(self.current.reply.text)
        return frozenset(plain(" ".join(said)).split())

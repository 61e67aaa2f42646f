"""The life of replies: one at a time, started, paused, interrupted or played to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from ai_agent.audio import Pcm
from ai_agent.dialogue.fixed_words import FixedWords
from ai_agent.dialogue.history import History
from ai_agent.dialogue.lesson_context import LessonContext, Purpose
from ai_agent.dialogue.ports import Learner
from ai_agent.dialogue.reply import Reply, ReplyListener
from ai_agent.dialogue.states import Event, StateTracker
from ai_agent.dialogue.timing import Timestamps
from ai_agent.providers.ports import ChatMessage, EngineSet
from ai_agent.turns.phrases import plain
from server.common.tasks import TaskSet
from server.protocol.tutor import TutorState

STUCK_S = 20.0
"""A reply without audio for this long is given up: its engines hang, or people spoke on and it is stale."""


class ReplyController:
    """`is_active`: a reply is being prepared or played."""

    def __init__(
        self,
        context: LessonContext,
        history: History,
        engines: EngineSet,
        *,
        states: StateTracker,
        listener: ReplyListener,
        clock: Callable[[], float],
    ) -> None:
        self._context = context
        self._history = history
        self._engines = engines
        self._states = states
        self._listener = listener
        self._clock = clock
        self._current: Reply | None = None
        self._engine: str | None = None
        self._speculative: Reply | None = None
        self._fade: Pcm | None = None
        """The end of a reply that was cut; without a fade a cut clicks."""
        self._last_heard: tuple[float, float] | None = None
        self._tasks = TaskSet()
        self._running: dict[Reply, asyncio.Task[None]] = {}

    @property
    def is_active(self) -> bool:
        return self._current is not None

    @property
    def is_written(self) -> bool:
        """Whether the text of the reply, if there is one, is complete."""
        return self._current is None or self._current.is_written

    @property
    def unwritten_turn(self) -> str | None:
        """Id of the turn whose reply is not complete yet."""
        return self._current.turn_id if self._current is not None and not self.is_written else None

    def is_unheard(self, turn_id: str) -> bool:
        """Whether the reply to that turn is being prepared and nothing of it was heard."""
        reply = self._current
        return reply is not None and reply.turn_id == turn_id and not reply.has_begun

    async def aclose(self) -> None:
        """Stops at once; what was spoken is stored. Idempotent."""
        self.drop_speculative()
        self.cut()
        await self._tasks.aclose()

    @property
    def speech_s(self) -> float:
        """Seconds of the present reply that were played."""
        return self._current.speech_s if self._current is not None else 0.0

    # Start

    def start(
        self,
        learner: Learner | None,
        purpose: Purpose,
        turn_id: str,
        timestamps: Timestamps,
        *,
        learner_message_id: str | None = None,
        is_recognised: bool = False,
    ) -> None:
        """A reply in progress is cut. `is_recognised`: the words are those of our recogniser."""
        reply = self._take_speculative(turn_id)
        if reply is None:
            reply = self._new_reply(learner, purpose, turn_id, timestamps)
        reply.learner_message_id = learner_message_id
        if is_recognised and self._engines.stt is not None:
            reply.stt = self._engines.stt.card.name
        self._begin(reply, timestamps)

    def say(self, text: str, turn_id: str, timestamps: Timestamps) -> None:
        """Say these words, without asking the chat engine. A reply in progress is cut."""
        card = replace(self._engines.llm.card, is_scripted=True)  # said as it is, whatever the level
        engines = replace(self._engines, llm=FixedWords(text, card))
        reply = self._new_reply(None, "break_silence", turn_id, timestamps, engines=engines)
        self._begin(reply, timestamps)

    def start_speculative(self, learner: Learner, turn_id: str, unsaid: ChatMessage) -> None:
        """Prepare a reply to a turn that may not have ended; `start` confirms it, and only then it is
        shown."""
        reply = self._new_reply(learner, "reply", turn_id, Timestamps(), unsaid=unsaid)
        self.drop_speculative()
        self._speculative = reply
        self._run(reply)

    def drop_speculative(self, turn_id: str | None = None) -> None:
        """`turn_id`: only if it replies to this turn."""
        reply = self._speculative
        if reply is not None and turn_id in {None, reply.turn_id}:
            self._stop(reply)
            self._speculative = None

    def _begin(self, reply: Reply, timestamps: Timestamps) -> None:
        self.cut()
        self._current = reply
        self._states.apply(Event.TURN)
        reply.confirm(turn=timestamps)
        if reply not in self._running:
            self._run(reply)

    def _take_speculative(self, turn_id: str) -> Reply | None:
        """The speculative reply, if it was asked for with the very words that this turn ended with."""
        reply, last = self._speculative, self._history.last()
        if reply is None or reply.turn_id != turn_id or last is None or last.text != reply.answers_to:
            self.drop_speculative()
            return None
        self._speculative = None
        return reply

    # Playback

    def tick(self, now: float, *, may_speak: bool) -> Pcm | None:
        """The next 20 ms of the reply; None: silence."""
        reply = self._current
        fade, self._fade = self._fade, None
        if reply is None:
            return fade
        frame = reply.pull(now, may_speak=may_speak)
        if frame is not None:
            if self._states.state is TutorState.THINKING:
                self._states.apply(Event.AUDIO)
        else:
            is_stuck = not reply.has_begun and now - reply.created_at > STUCK_S
            if is_stuck or reply.is_over:
                self._end(reply)
        return frame if frame is not None else fade

    def rewind(self, seconds: float) -> None:
        """The last `seconds` of audio did not reach the room and are played again, unless the reply has
        ended."""
        if self._current is not None:
            self._current.rewind(seconds)

    # Overlaps

    def overlap_began(self, at: float) -> None:
        if self._current is not None:
            self._current.overlap_began(at)

    def overlap_was_false(self) -> None:
        if self._current is not None:
            self._current.overlap_was_false()

    def interrupt(self) -> None:
        """A learner takes the floor."""
        self.cut()
        self._states.apply(Event.BARGE_IN)

    def heard_span(self, now: float) -> tuple[float, float] | None:
        """Start and end of the playback of the last reply that was heard."""
        heard_at = self._current.heard_at if self._current is not None else None
        return (heard_at, now) if heard_at is not None else self._last_heard

    def recent_words(self) -> tuple[str, ...]:
        """Return what was heard of this reply, and before it of the last message if that is the tutor's: an
        echo may bring these words back.
        """
        last = self._history.last()
        texts = [last.text] if last is not None and last.role == "tutor" else []
        if self._current is not None:
            texts.append(self._current.spoken_text())
        return tuple(plain(" ".join(texts)).split())

    # End

    def cut(self) -> None:
        """Chat engine, speech engine and queued audio end together. The history gets what was spoken."""
        reply = self._current
        if reply is None:
            return
        reply.was_cut(self._clock())
        self._close(reply)

    def _end(self, reply: Reply) -> None:
        self._close(reply)
        self._states.apply(Event.DONE)

    def _close(self, reply: Reply) -> None:
        self._current = None
        self._engine = reply.engine or self._engine
        self._stop(reply)
        if reply.heard_at is not None:
            self._last_heard = (reply.heard_at, self._clock())
        self._listener.reply_ended(reply)
        self._fade = reply.fade_out()
        reply.release()

    def _new_reply(
        self,
        learner: Learner | None,
        purpose: Purpose,
        turn_id: str,
        timestamps: Timestamps,
        *,
        unsaid: ChatMessage | None = None,
        engines: EngineSet | None = None,
    ) -> Reply:
        request = self._context.chat_request(self._history, learner, purpose, unsaid=unsaid)
        reply = Reply(
            turn_id,
            learner,
            request,
            engines=engines or self._engines,
            lesson=self._context.lesson,
            listener=self._listener,
            timestamps=timestamps,
            clock=self._clock,
        )
        if engines is None:  # fixed words answer nobody
            reply.care = self._context.care_plan(request, learner)
            reply.engine_before = self._engine
        else:
            reply.engine = self._engine or ""
        return reply

    def _run(self, reply: Reply) -> None:
        self._running[reply] = self._tasks.spawn(reply.run(), f"reply to {reply.turn_id}")

    def _stop(self, reply: Reply) -> None:
        task = self._running.pop(reply, None)
        if task is not None:
            task.cancel()

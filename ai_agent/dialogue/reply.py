"""One reply: chat engine → sentences → speech engine → playback buffer, as one task.

Cancelling the task closes the streams of both engines, and the queued audio goes with the reply, so no audio
of an old reply can follow.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

from ai_agent.audio import Pcm
from ai_agent.dialogue.answer import Cited
from ai_agent.dialogue.levelled import levelled_answer
from ai_agent.dialogue.notices import notices
from ai_agent.dialogue.playback import PlaybackBuffer
from ai_agent.dialogue.ports import Learner, Lesson, TurnTimes
from ai_agent.dialogue.sentences import Sentences
from ai_agent.dialogue.timing import Timestamps
from ai_agent.dialogue.voice import speak
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import ChatRequest, EngineSet, ToolCall, Tts
from ai_agent.tutor.care import CarePlan
from ai_agent.tutor.speakable import DroppedCall
from server.protocol.agents import PassageRef

_log = logging.getLogger(__name__)

THINKING_AFTER_S = 2.0
"""A tutor that has had no word to say for this long says that it thinks; a first token may take 15 s."""
AHEAD_S = 8.0
"""Sentences are synthesised at most this far ahead of playback: cancelled audio was paid for."""


LONG_CHARS = 600
"""A longer answer without a full stop at its end was cut off at its maximum."""
_END = re.compile(r"[.!?…。！？][\"'”’)]*\s*$")


@dataclass(frozen=True, slots=True)
class _Filler:
    """Said while the answer is awaited."""

    text: str


class ReplyListener(Protocol):
    """Gets the parts of a reply once it is confirmed, and its end."""

    def reply_text(self, reply: Reply, delta: str) -> None: ...

    def reply_tool(self, reply: Reply, call: ToolCall | DroppedCall) -> None: ...

    def reply_waits(self, _: Reply, text: str) -> None:
        """`text` is said until the answer comes, and is no part of it."""
        ...

    def speaking_rate(self) -> float:
        """For the next sentence: a tool call of the reply itself may have changed it."""
        ...

    def reply_ended(self, reply: Reply) -> None:
        """The reply was played to its end, cut, or failed."""
        ...


class Reply:
    """`learner`: the person it answers, None if nobody. `stt`: name of the engine that recognised the turn,
    None if none did. `learner_message_id`: the stored message it answers. `text`: all that the chat engine
    has said; `is_written`: it is complete. `failed`: no chat engine answered, the text is an apology. `care`:
    what is said instead of asking an engine. `passages`: of documents, which the answer draws on. `engine`,
    `engine_before`: names of the chat engines of this answer and of the one before.
    """

    def __init__(
        self,
        turn_id: str,
        learner: Learner | None,
        request: ChatRequest,
        *,
        engines: EngineSet,
        lesson: Lesson,
        listener: ReplyListener,
        timestamps: Timestamps,
        clock: Callable[[], float],
    ) -> None:
        self.turn_id = turn_id
        self.learner = learner
        self.stt: str | None = None
        self.learner_message_id: str | None = None
        self.created_at = clock()
        self.text = ""
        self.failed = False
        self.is_written = False
        self.care: CarePlan | None = None
        self.passages: tuple[PassageRef, ...] = ()
        self.engine_before: str | None = None
        self.engine: str | None = None
        self._request = request
        self._engines = engines
        self._lesson = lesson
        self._listener = listener
        self._clock = clock
        self._times = timestamps
        self._playback = PlaybackBuffer()
        self._is_generated = False
        self._is_confirmed = False
        self._unconfirmed: list[str | ToolCall | DroppedCall] = []
        self._sentences: asyncio.Queue[str | _Filler | None] = asyncio.Queue()
        self._has_filler = False
        self._confirmed_at = 0.0
        self._may_speak = asyncio.Event()
        self._wants_more = asyncio.Event()

    @property
    def learner_id(self) -> str | None:
        return self.learner.id if self.learner else None

    @property
    def answers_to(self) -> str:
        """The last words that the chat engine was asked to answer."""
        return self._request.messages[-1].text

    def confirm(self, *, turn: Timestamps | None = None) -> None:
        """The turn has ended, so what is generated may be shown and spoken. `turn`: its timestamps."""
        if turn is not None:
            self._times.adopt_turn(turn)
        self._is_confirmed = True
        self._confirmed_at = self._clock()
        self._may_speak.set()
        unconfirmed, self._unconfirmed = self._unconfirmed, []
        for part in unconfirmed:
            self._notify(part)

    # Playback

    @property
    def heard_at(self) -> float | None:
        """Time at which its first frame was played."""
        return self._times.heard

    @property
    def has_begun(self) -> bool:
        """Whether the answer itself, not only a filler, is heard."""
        return self.heard_at is not None and bool(self.text)

    @property
    def is_over(self) -> bool:
        """Whether the whole reply is generated and played."""
        return self._is_generated and self._playback.is_drained

    @property
    def speech_s(self) -> float:
        return self._playback.speech_s

    def pull(self, now: float, *, may_speak: bool) -> Pcm | None:
        """The next 20 ms; None: silence."""
        if may_speak:
            self._playback.resume()
        else:
            self._playback.pause()
            self._times.cut = self._times.cut or now
        self._fill_wait(now)
        frame = self._playback.pull()
        if self._playback.queued_s < AHEAD_S:
            self._wants_more.set()
        if frame is not None and self._times.heard is None:
            self._times.heard = now
        return frame

    def fade_out(self) -> Pcm | None:
        return self._playback.fade_out()

    def rewind(self, seconds: float) -> None:
        self._playback.rewind(seconds)

    def spoken_text(self) -> str:
        return self._playback.spoken_text()

    def audio(self) -> Pcm:
        return self._playback.audio()

    def release(self) -> None:
        """Free its audio. The reply may live on until the cycle collector runs: an engine's error refers to
        the frames that it passed."""
        self._playback.release()

    # Measurements

    def overlap_began(self, at: float) -> None:
        self._times.overlap, self._times.cut = at, None

    def overlap_was_false(self) -> None:
        self._times.false_interruptions += 1
        self._times.overlap = self._times.cut = None

    def was_cut(self, now: float) -> None:
        self._times.cut = self._times.cut or now

    def feedback_was_dropped(self) -> None:
        self._times.feedback_dropped += 1

    def times(self) -> TurnTimes:
        tts = self._engines.tts.card.name if self._engines.tts else None
        return self._times.times(self.stt, self._engines.llm.card.name, tts, self._clock())

    # Generation

    async def run(self) -> None:
        """Never raises ProviderError: without a chat engine it apologises, without a speech engine the text
        counts as spoken.
        """
        try:
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._generate_text(), name="reply text")
                parts.create_task(self._synthesise(), name="reply speech")
        finally:
            self._is_generated = True

    async def _generate_text(self) -> None:
        sentences = Sentences()
        self._times.asked = self._clock()
        if self.care is not None:
            self._add_text(self.care.text, sentences)
            self._end_text(sentences)
            return
        is_cut = False
        try:
            answer = levelled_answer(self._engines.llm, self._request, self._lesson.tutor_name)
            async with aclosing(answer) as parts:
                async for part in parts:
                    if isinstance(part, str):
                        self._tell_of_another_engine(sentences)
                        self._add_text(part, sentences)
                    elif isinstance(part, Cited):
                        self.passages = part.passages
                    else:
                        self._times.tool_done = self._times.tool_done or self._clock()
                        self._notify(part)
        except ProviderError as error:
            _log.warning("chat engine failed: %s", error)
            is_cut = True
            if not self.text.strip():
                self.failed = True
                self._add_text(notices(self._lesson.language).cannot_answer, sentences)
        finally:
            self._end_text(sentences, is_cut=is_cut)

    def _end_text(self, sentences: Sentences, *, is_cut: bool = False) -> None:
        self.is_written = True
        is_cut = is_cut or len(self.text) > LONG_CHARS
        for sentence in sentences.finish():
            begun = len(sentence) < len(self.text)
            if not (is_cut and begun and _END.search(sentence) is None):  # half a sentence is not spoken
                self._sentences.put_nowait(sentence)
        self._sentences.put_nowait(None)

    def _tell_of_another_engine(self, sentences: Sentences) -> None:
        """The learner hears another way of talking, and is told why."""
        if self.engine is None:
            self.engine = self._engines.llm.card.name
            if self.engine_before not in {None, self.engine}:
                self._add_text(f"{notices(self._lesson.language).engine_changed} ", sentences)

    def _fill_wait(self, now: float) -> None:
        asked = self._times.asked
        if self._has_filler or not self._is_confirmed or self.text or asked is None or self._is_generated:
            return
        if self.care is None and now - max(asked, self._confirmed_at) >= THINKING_AFTER_S:
            self._has_filler = True
            text = notices(self._lesson.language).thinking
            self._sentences.put_nowait(_Filler(text))
            self._listener.reply_waits(self, text)

    def _add_text(self, delta: str, sentences: Sentences) -> None:
        if not delta:
            return
        self._times.first_token = self._times.first_token or self._clock()
        self.text += delta
        self._notify(delta)
        for sentence in sentences.feed(delta):
            self._sentences.put_nowait(sentence)

    def _notify(self, part: str | ToolCall | DroppedCall) -> None:
        if not self._is_confirmed:
            self._unconfirmed.append(part)
        elif isinstance(part, str):
            self._listener.reply_text(self, part)
        else:
            self._listener.reply_tool(self, part)

    async def _synthesise(self) -> None:
        await self._may_speak.wait()
        tts = self._engines.tts
        while (sentence := await self._sentences.get()) is not None:
            while self._playback.queued_s >= AHEAD_S:
                self._wants_more.clear()
                await self._wants_more.wait()
            if isinstance(sentence, _Filler):
                if tts is not None and not self.text:
                    await self._speak_sentence(tts, sentence.text, shown="")
            elif tts is None:
                self._playback.add_text_only(sentence)
            elif not await self._speak_sentence(tts, sentence):
                tts = None

    async def _speak_sentence(self, tts: Tts, sentence: str, *, shown: str | None = None) -> bool:
        """False: no speech engine is left. One that failed in mid-sentence may have a fallback. `shown`: what
        counts as said, if it is not the sentence."""
        self._times.tts_asked = self._times.tts_asked or self._clock()
        audio = self._playback.add_sentence(sentence if shown is None else shown, tts.sample_rate)
        try:
            lesson = replace(self._lesson, rate=self._listener.speaking_rate())
            async with aclosing(speak(tts, sentence, lesson)) as chunks:
                async for chunk in chunks:
                    self._times.tts_first = self._times.tts_first or self._clock()
                    audio.feed(chunk)
        except ProviderError as error:
            _log.warning("speech engine failed: %s", error)
            return audio.cut()
        audio.end()
        return True

"""One answer: chat engine → sentences → speech engine → voice, as one task. Cancelling it stops all of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from typing import Protocol

from ai_agent.dialogue.notices import notices
from ai_agent.dialogue.playback import PlaybackBuffer
from ai_agent.dialogue.ports import Lesson
from ai_agent.dialogue.sentences import Sentences
from ai_agent.dialogue.timing import Marks
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import ChatRequest, EngineSet, SpeechRequest, TextDelta, ToolCall, Tts

log = logging.getLogger(__name__)

AHEAD_S = 8.0
"""Sentences are spoken into the queue no further ahead than this: what is cancelled was paid for."""


class Listener(Protocol):
    """Who is told of it. Nothing is told before the reply was confirmed."""

    def text(self, delta: str) -> None: ...

    def tool(self, call: ToolCall) -> None: ...


class ReplyPipeline:
    """`is_written`: the task is done, all its words and sounds are known. `failed`: no engine
    answered, its words are an apology.
    """

    def __init__(
        self,
        request: ChatRequest,
        engines: EngineSet,
        lesson: Lesson,
        listener: Listener,
        clock: Callable[[], float],
        marks: Marks,
    ) -> None:
        self.request = request
        self.voice = PlaybackBuffer()
        self.marks = marks
        self.text = ""
        self.is_written = False
        self.failed = False
        self._engines = engines
        self._lesson = lesson
        self._listener = listener
        self._clock = clock
        self._confirmed = False
        self._untold: list[str | ToolCall] = []
        self._sentences: asyncio.Queue[str | None] = asyncio.Queue()
        self._may_speak = asyncio.Event()
        self._wants_more = asyncio.Event()

    def confirm(self) -> None:
        """The turn it answers has really ended: what was thought so far may be told and spoken."""
        self._confirmed = True
        self._may_speak.set()
        untold, self._untold = self._untold, []
        for part in untold:
            self._tell(part)

    def pulled(self) -> None:
        """To be called as the voice plays."""
        if self.voice.queued_s < AHEAD_S:
            self._wants_more.set()

    async def run(self) -> None:
        """Never raises ProviderError: without words it is `failed`, without a voice its words are written."""
        try:
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._think(), name="think")
                parts.create_task(self._speak(), name="speak")
        finally:
            self.is_written = True

    async def _think(self) -> None:
        sentences = Sentences()
        self.marks.asked = self._clock()
        try:
            async with aclosing(self._engines.llm.stream(self.request)) as parts:
                async for part in parts:
                    if isinstance(part, TextDelta):
                        self._heard_text(part.text, sentences)
                    else:
                        self.marks.tool_done = self.marks.tool_done or self._clock()
                        self._tell(part)
        except ProviderError as error:
            log.warning("no answer: %s", error)
            if not self.text.strip():
                self.failed = True
                self._heard_text(notices(self._lesson.language).cannot_answer, sentences)
        finally:
            for sentence in sentences.finish():
                self._sentences.put_nowait(sentence)
            self._sentences.put_nowait(None)

    def _heard_text(self, delta: str, sentences: Sentences) -> None:
        if not delta:
            return
        self.marks.first_token = self.marks.first_token or self._clock()
        self.text += delta
        self._tell(delta)
        for sentence in sentences.feed(delta):
            self._sentences.put_nowait(sentence)

    def _tell(self, part: str | ToolCall) -> None:
        if not self._confirmed:
            self._untold.append(part)
        elif isinstance(part, str):
            self._listener.text(part)
        else:
            self._listener.tool(part)

    async def _speak(self) -> None:
        await self._may_speak.wait()
        tts = self._engines.tts
        while (sentence := await self._sentences.get()) is not None:
            while self.voice.queued_s >= AHEAD_S:
                self._wants_more.clear()
                await self._wants_more.wait()
            if tts is None:
                self.voice.write(sentence)
            elif not await self._speak_sentence(tts, sentence):
                tts = None

    async def _speak_sentence(self, tts: Tts, sentence: str) -> bool:
        """Whether there is a voice left: one that broke off in mid-sentence may have a successor."""
        lesson = self._lesson
        request = SpeechRequest(sentence, lesson.language, lesson.voice, lesson.rate)
        self.marks.tts_asked = self.marks.tts_asked or self._clock()
        utterance = self.voice.say(sentence, tts.sample_rate)
        try:
            async with aclosing(tts.speak(request)) as chunks:
                async for chunk in chunks:
                    self.marks.tts_first = self.marks.tts_first or self._clock()
                    utterance.feed(chunk)
        except ProviderError as error:
            log.warning("no voice: %s", error)
            return utterance.cut()
        utterance.end()
        return True

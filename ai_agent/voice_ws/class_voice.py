"""The tutor's voice in a class: MP3s that play by themselves, sent when they are due, stopped by speech."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

from ai_agent.audio import Pcm
from ai_agent.voice_ws.chunks import Chunks
from ai_agent.voice_ws.encoder import Mp3Encoder
from ai_agent.voice_ws.outgoing import Outgoing, Slot
from ai_agent.voice_ws.talk import Talk
from server.common.tasks import TaskSet
from server.protocol.voice.klass import AudioChunk, ClassMetrics

PULLS = 50
"""Frames of the tutor's voice that a tick of 20 ms takes at most: chunks are sent once complete."""


class ClassVoice:
    """`sent`: called with each chunk. `of_run`: chunks of this reply or lesson. `turns`: of the learner."""

    def __init__(self, talk: Talk, out: Outgoing, encoder: Mp3Encoder, sent: Callable[[], None]) -> None:
        self.of_run = 0
        self.turns = 0
        self._talk = talk
        self._out = out
        self._encoder = encoder
        self._sent = sent
        self._chunks = Chunks()
        self._encoding: set[Slot] = set()
        """Chunks that are not encoded yet: the last of those that are counted."""
        self._count = 0
        self._interruptions = 0
        self._asked_at: float | None = None
        self._latency_ms: float | None = None
        self._tasks = TaskSet()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._tasks.aclose()

    def tick(self, now: float) -> None:
        frame = self._talk.tick(now, wants_audio=self._chunks.wants_more(now))
        for _ in range(PULLS):
            if frame is None:
                return
            if self._chunks.add(frame):
                self._send(now)
                return
            frame = self._talk.tick(now)

    def end_reply(self, now: float, *, is_interrupted: bool) -> None:
        """Send what there is of a reply, unless somebody speaks."""
        if is_interrupted:
            self._drop_chunks()
            self._chunks.stop(now)
        self._send(now)
        self._chunks.begin()

    def interrupt(self, now: float) -> bool:
        """Somebody speaks: what is played stops at once, and what was not heard of it is said again, unless
        they take the floor. Returns whether anything was about to be heard."""
        if now >= self._chunks.plays_until and self._talk.dialogue.class_line is None:
            return False
        self._interruptions += 1
        self._drop_chunks()
        if unheard := self._chunks.stop(now):
            self._talk.dialogue.rewind(unheard)
        return True

    def asked(self, now: float) -> None:
        """The learner's turn has ended: the next chunk is the beginning of its answer."""
        self.turns += 1
        self._asked_at = now

    def metrics(self) -> ClassMetrics:
        return ClassMetrics(
            first_chunk_latency_ms=self._latency_ms, turns=self.turns, interruptions=self._interruptions
        )

    def _send(self, now: float) -> None:
        chunk = self._chunks.take(now)
        if chunk is None:
            return
        slot = self._out.reserve(0)
        self._encoding.add(slot)
        self._tasks.spawn(self._encode(chunk.pcm, self._count, slot), "chunk of speech")
        self._count, self.of_run = self._count + 1, self.of_run + 1
        self._sent()

    async def _encode(self, pcm: Pcm, number: int, slot: Slot) -> None:
        try:
            data = await self._encoder.file(pcm)
        finally:
            is_wanted = slot in self._encoding
            self._encoding.discard(slot)
        if not is_wanted:
            return
        coded = base64.b64encode(data).decode()
        slot.fill(AudioChunk(chunk_id=number, audio_data=coded, size=len(data)).encoded())
        if self._asked_at is not None:
            self._latency_ms, self._asked_at = round(1_000 * (time.monotonic() - self._asked_at), 1), None

    def _drop_chunks(self) -> None:
        """The client would play what is sent after an interruption."""
        while self._encoding:
            self._encoding.pop().fill(None)
            self._count, self.of_run = self._count - 1, self.of_run - 1

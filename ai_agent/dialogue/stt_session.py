"""One learner's session with the recogniser: what it is fed, and which of its words count.

The recogniser gets speech and what led up to it, not the silence between. Only an engine that detects turns
gets all audio while a turn is open. A session that failed is opened again.

An engine answers its flushes in order, so its events up to `flushed` are words of the utterance whose flush
is the oldest without an answer, however late they come.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

from ai_agent.audio import Pcm
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import AcceptsLevel, Stt, SttEvent, SttStream
from server.common.tasks import TaskSet

_log = logging.getLogger(__name__)

LEAD_FRAMES = 20
"""400 ms before the VAD is sure: first consonants, and a moment of quiet that recognisers need."""
EARLY_FRAMES = 500
"""10 s of speech are buffered while the recogniser's stream is being opened."""
LATE_S = 6.0
"""After the end of an utterance its last words are awaited for this long. An engine that has not answered a
flush by then never will, and its next words are those of the next utterance."""
REOPEN_S = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Delays before a failed session is opened again."""


class SttListener(Protocol):
    def stt_event(self, event: SttEvent, utterance: str) -> None:
        """`utterance`: id of the one that these words are of."""
        ...

    def stt_lost(self, *, failed: bool) -> None:
        """The stream ended: a flush that is outstanding will not be answered. `failed`: no engine is left,
        for now.
        """
        ...


class SttSession:
    """`stt` None: nothing is recognised, but the audio before speech is still kept."""

    def __init__(
        self, stt: Stt | None, learner_id: str, listener: SttListener, clock: Callable[[], float]
    ) -> None:
        self._stt = stt
        self._learner_id = learner_id
        self._listener = listener
        self._clock = clock
        self._lead: deque[Pcm] = deque(maxlen=LEAD_FRAMES)
        self._early: deque[Pcm] = deque(maxlen=EARLY_FRAMES)
        self._stream: SttStream | None = None
        self._level: str | None = None
        self._feeds = False
        self._utterance = ""
        self._asked: deque[str] = deque()
        """The utterance of each flush without an answer."""
        self._late_until = 0.0
        self._tasks = TaskSet()

    def open(self, language: str, hints: tuple[str, ...]) -> None:
        if self._stt is not None:
            self._tasks.spawn(self._run(self._stt, language, hints), f"stt of {self._learner_id}")

    def set_level(self, level: str) -> None:
        """Cheap if it is unchanged."""
        if level != self._level:
            self._level = level
            self._send_level()

    def _send_level(self) -> None:
        if self._level is not None and isinstance(self._stream, AcceptsLevel):
            self._stream.set_level(self._level)

    async def aclose(self) -> None:
        """Idempotent."""
        await self._tasks.aclose()

    @property
    def lead(self) -> list[Pcm]:
        """The last audio that was not fed to the recogniser."""
        return list(self._lead)

    def push(self, pcm: Pcm) -> None:
        if self._feeds:
            self._feed(pcm)
        else:
            self._lead.append(pcm)

    def clear_lead(self) -> None:
        """The track paused: audio after it does not follow the audio before."""
        self._lead.clear()

    def owes(self, utterance: str) -> bool:
        """Whether the last words of an utterance are still awaited."""
        self._forget_unanswered()
        return utterance in self._asked

    def begin(self, utterance: str) -> None:
        """Feed the recogniser from here on, and first what led up to it."""
        self._utterance = utterance
        if self._feeds or self._stt is None:
            return
        self._feeds = True
        for pcm in self._lead:
            self._feed(pcm)
        self._lead.clear()

    def flush(self) -> bool:
        """Ask for the last words. False: no stream is open, or nothing was fed."""
        if self._stream is None or not self._feeds:
            return False
        self._feeds = False
        self._asked.append(self._utterance)
        self._stream.flush()
        return True

    def end(self, *, may_have_more: bool) -> None:
        """The utterance is over. `may_have_more`: its words were taken before an engine that detects turns
        had ended it. Unless the engine is flushed, it begins the next turn with them.
        """
        if self._flushes_at_end(may_have_more):
            self.flush()
        self._late_until = self._clock() + LATE_S
        self._feeds = False
        self._early.clear()

    def _flushes_at_end(self, may_have_more: bool) -> bool:
        return self._stt is not None and (may_have_more or not self._stt.detects_turns)

    def _feed(self, pcm: Pcm) -> None:
        if self._stream is not None:
            self._stream.push(pcm)
        else:
            self._early.append(pcm)

    async def _run(self, stt: Stt, language: str, hints: tuple[str, ...]) -> None:
        tries = 0
        while True:
            failed = False
            try:
                stream = await stt.open(language, hints=hints)
                self._stream = stream
                self._asked.clear()
                self._send_level()
                for pcm in self._early:
                    stream.push(pcm)
                self._early.clear()
                try:
                    async for event in stream:
                        tries = 0
                        self._receive(event)
                finally:
                    self._stream, self._feeds = None, False
                    await stream.aclose()
            except ProviderError as error:
                _log.warning("speech of %s is not recognised: %s", self._learner_id, error)
                failed = True
            self._listener.stt_lost(failed=failed)
            await asyncio.sleep(REOPEN_S[min(tries, len(REOPEN_S) - 1)])
            tries += 1

    def _receive(self, event: SttEvent) -> None:
        self._forget_unanswered()
        utterance = self._asked[0] if self._asked else self._utterance
        if event.kind == "flushed" and self._asked:
            self._asked.popleft()
        self._listener.stt_event(event, utterance)

    def _forget_unanswered(self) -> None:
        if self._clock() > self._late_until:
            while self._asked and self._asked[0] != self._utterance:
                self._asked.popleft()

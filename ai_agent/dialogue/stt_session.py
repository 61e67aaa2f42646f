"""One learner's speech as words: the recogniser's stream, what it is fed, and which of its words count.

The recogniser gets speech with what led up to it, not the silence between; only one that detects turns by
itself gets all while a turn is open. One that failed is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

from ai_agent.audio import Pcm
from ai_agent.dialogue.tasks import Tasks
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import AcceptsLevel, Stt, SttEvent, SttStream

log = logging.getLogger(__name__)

LEAD_FRAMES = 20
"""400 ms before the VAD is sure: first consonants, and a moment of quiet that recognisers like."""
EARLY_FRAMES = 500
"""10 s of speech wait for a recogniser that is being connected to."""
IGNORE_S = 5.0
"""Words of a turn that ended without them are waited out, for so long at the most."""
REOPEN_S = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Waits before a recogniser that failed for good is tried again."""


class SttListener(Protocol):
    def words_came(self, event: SttEvent) -> None: ...

    def words_lost(self, *, failed: bool) -> None:
        """What the recogniser was asked for will not come. `failed`: none is left, for now."""
        ...


class SttSession:
    """`stt` None: nobody listens, and what leads up to speech is kept all the same."""

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
        self._ignored_flushes = 0
        self._ignores_until = 0.0
        self._tasks = Tasks()

    def open(self, language: str, hints: tuple[str, ...]) -> None:
        if self._stt is not None:
            self._tasks.spawn(self._listen(self._stt, language, hints), f"ear of {self._learner_id}")

    def set_level(self, level: str) -> None:
        """Cheap where it is the same."""
        if level != self._level:
            self._level = level
            self._tell_level()

    def _tell_level(self) -> None:
        if self._level is not None and isinstance(self._stream, AcceptsLevel):
            self._stream.set_level(self._level)

    async def aclose(self) -> None:
        """Idempotent."""
        await self._tasks.aclose()

    @property
    def lead(self) -> list[Pcm]:
        """What was heard just before now, where it has not been fed to the recogniser."""
        return list(self._lead)

    def push(self, pcm: Pcm) -> None:
        if self._feeds:
            self._feed(pcm)
        else:
            self._lead.append(pcm)

    def silence(self) -> None:
        """A pause without sound: what is heard after it does not follow what was heard before."""
        self._lead.clear()

    def begin(self) -> None:
        """Speech: from here on the recogniser is fed, with what led up to it first."""
        if self._feeds or self._stt is None:
            return
        self._feeds = True
        for pcm in self._lead:
            self._feed(pcm)
        self._lead.clear()

    def flush(self) -> bool:
        """Ask for the last words of what was said. False: there is nobody to ask."""
        if self._stream is None or not self._feeds:
            return False
        self._feeds = False
        self._stream.flush()
        return True

    def end(self, *, is_flushing: bool, may_have_more: bool) -> None:
        """The turn is over. What is still to come of it, asked for or not, does not count. `may_have_more`:
        its words were taken before a recogniser that tells turns was done with them: unless it is made to end
        that turn, it begins the next one with them.
        """
        if is_flushing or (self._asks_at_end(may_have_more) and self.flush()):
            self._ignored_flushes += 1
            self._ignores_until = self._clock() + IGNORE_S
        self._feeds = False
        self._early.clear()

    def _asks_at_end(self, may_have_more: bool) -> bool:
        return self._stt is not None and (may_have_more or not self._stt.detects_turns)

    def _feed(self, pcm: Pcm) -> None:
        if self._stream is not None:
            self._stream.push(pcm)
        else:
            self._early.append(pcm)

    async def _listen(self, stt: Stt, language: str, hints: tuple[str, ...]) -> None:
        tries = 0
        while True:
            failed = False
            try:
                stream = await stt.open(language, hints=hints)
                self._stream, self._ignored_flushes = stream, 0
                self._tell_level()
                for pcm in self._early:
                    stream.push(pcm)
                self._early.clear()
                try:
                    async for event in stream:
                        tries = 0
                        self._take(event)
                finally:
                    self._stream, self._feeds = None, False
                    await stream.aclose()
            except ProviderError as error:
                log.warning("nobody hears %s: %s", self._learner_id, error)
                failed = True
            self._listener.words_lost(failed=failed)
            await asyncio.sleep(REOPEN_S[min(tries, len(REOPEN_S) - 1)])
            tries += 1

    def _take(self, event: SttEvent) -> None:
        if self._clock() > self._ignores_until:
            self._ignored_flushes = 0
        if not self._ignored_flushes:
            self._listener.words_came(event)
        elif event.kind == "flushed":
            self._ignored_flushes -= 1

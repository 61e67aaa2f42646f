"""One speaker's ear on the shared decoders: an utterance borrows one, and gives it back with its finals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineTimeout, EngineUnavailable
from ai_agent.providers.local.sphinx_pool import Decoder, DecoderPool
from ai_agent.providers.local.utterance import Hearing, Utterance
from ai_agent.providers.ports import SttEvent
from ai_agent.providers.stt_stream import BaseSttStream

IDLE_S = 3.0
"""Nothing was pushed for so long, and no flush came: the decoder is wanted by others."""
GAP_S = 8.0
"""Without a sign of life for so long a process hangs, and is replaced."""
TRIES = 2


class SphinxStream(BaseSttStream):
    def __init__(
        self,
        engine: str,
        pool: DecoderPool,
        on_close: Callable[[SphinxStream], None],
        *,
        idle_s: float = IDLE_S,
        gap_s: float = GAP_S,
    ) -> None:
        super().__init__(f"{engine} stream")
        self._engine = engine
        self._pool = pool
        self._on_close = on_close
        self._idle_s = idle_s
        self._gap_s = gap_s
        self._cmn: str | None = None

    async def aclose(self) -> None:
        """Idempotent."""
        await super().aclose()
        self._on_close(self)

    async def _run(self) -> None:
        while True:
            first = await self._backlog.pop()
            if first is None or await self._hear(first):
                self._events.tell(SttEvent("flushed"))

    async def _hear(self, first: Pcm) -> bool:
        """Whether a flush ended it. After a crash it is decoded once more from its beginning."""
        utterance = Utterance(first, (self._backlog.position - len(first)) / INPUT_HZ)
        for attempt in range(1, TRIES + 1):
            try:
                async with self._pool.lend() as decoder:
                    return await self._decode(decoder, utterance)
            except (EngineUnavailable, EngineTimeout):
                if attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    async def _decode(self, decoder: Decoder, utterance: Utterance) -> bool:
        hearing = Hearing(self._engine, decoder, self._on_partial, gap_s=self._gap_s)
        try:
            hearing.start(self._cmn)
            for pcm in utterance.chunks:
                await hearing.say(pcm)
            flushed = await self._follow(hearing, utterance)
            final = await hearing.finish(utterance.begin_s)
        except BaseException:  # cancelled too: the decoder is another's next
            hearing.cancel()
            raise
        self._cmn = final.cmn or self._cmn
        self._events.tell(final.event)
        return flushed

    async def _follow(self, hearing: Hearing, utterance: Utterance) -> bool:
        while not utterance.should_be_cut:
            try:
                async with asyncio.timeout(self._idle_s):
                    pcm = await self._backlog.pop()
            except TimeoutError:
                return False
            if pcm is None:
                return True
            utterance.add(pcm)
            await hearing.say(pcm)
        return False

    def _on_partial(self, text: str) -> None:
        self._events.tell(SttEvent("partial", text))

"""A chain of ears. A stream that breaks is opened again, or at the next engine, and hears the gap again. An
engine that has rested is gone back to between turns."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineTimeout, EngineUnavailable, InvalidResponse, ProviderError
from ai_agent.providers.chain.members import Candidate, FallbackChain
from ai_agent.providers.chain.replay import Replay
from ai_agent.providers.events import Events
from ai_agent.providers.ports import AcceptsLevel, EngineCard, Stt, SttEvent, SttStream

OPEN_S = 5.0
FLUSH_S = 4.0
"""An engine that is asked for its finals has so long: then the next one is asked."""
RETURN_S = 1.5
"""An engine that is gone back to must be there sooner: the learner may be speaking again."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SttTimeouts:
    """Seconds, of the loop's clock."""

    open_s: float = OPEN_S
    return_s: float = RETURN_S
    flush_s: float = FLUSH_S


class FallbackStt:
    def __init__(self, members: FallbackChain[Stt], limits: SttTimeouts | None = None) -> None:
        self.members = members
        self._limits = limits or SttTimeouts()

    @property
    def card(self) -> EngineCard:
        """Of the engine that answers now."""
        return self.members.current.card

    @property
    def detects_turns(self) -> bool:
        """Of the engine that answers now: it changes with a fallback."""
        return self.members.current.detects_turns

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> FallbackSttStream:
        """Returns at once: the first engine is opened while audio is already taken."""
        return FallbackSttStream(self.members, language, tuple(hints), self._limits)

    async def aclose(self) -> None:
        """The engines belong to the registry."""


class FallbackSttStream:
    def __init__(
        self, members: FallbackChain[Stt], language: str, hints: tuple[str, ...], limits: SttTimeouts
    ) -> None:
        self._members = members
        self._language = language
        self._hints = hints
        self._limits = limits
        self._level: str | None = None
        self._replay = Replay()
        self._stream: SttStream | None = None
        self._base = 0
        self._waiting_flushes = 0
        self._answered = False
        self._patience: float | None = None
        self._limit: asyncio.Timeout | None = None
        self._events = Events()
        self._ended = False
        self._work = asyncio.create_task(self._run(), name="stt chain")

    def push(self, pcm: Pcm) -> None:
        if not self._ended and len(pcm):
            self._replay.add(pcm)
            if self._stream is not None:
                self._stream.push(pcm)

    def flush(self) -> None:
        if self._ended:
            return
        self._replay.add(None)
        self._waiting_flushes += 1
        if self._stream is not None:
            self._stream.flush()
            if self._waiting_flushes == 1:
                self._wait_for_finals()

    def set_level(self, level: str) -> None:
        """Kept for engines that are yet to come."""
        self._level = level
        self._tell_level(self._stream)

    def _tell_level(self, stream: SttStream | None) -> None:
        if self._level is not None and isinstance(stream, AcceptsLevel):
            stream.set_level(self._level)

    def __aiter__(self) -> FallbackSttStream:
        return self

    async def __anext__(self) -> SttEvent:
        return await self._events.next()

    async def aclose(self) -> None:
        self._ended = True
        self._work.cancel()
        await asyncio.wait([self._work])
        self._events.end()

    async def _run(self) -> None:
        """Ends when all engines have failed, one after the other, without an event between them."""
        failed: set[int] = set()
        error: ProviderError | None = EngineUnavailable("chain", "no engine left")
        while left := [member for member in self._members.in_order() if id(member) not in failed]:
            member = left[0]
            returns = error is None
            self._answered = False
            error = await self._serve(member, has_next=len(left) > 1, returns=returns)
            if self._answered:
                failed.clear()
            if error is None:
                continue
            _log.warning("engine failed", engine=member.engine.card.name, code=error.code, error=str(error))
            is_brief = self._answered or not returns
            pause = self._members.pause_before_retry(member, error) if is_brief else None
            if pause is None:
                self._members.failed(member, error)
                failed.add(id(member))
            else:
                await asyncio.sleep(pause)
        self._ended = True
        self._events.end(error)

    async def _serve(self, member: Candidate[Stt], *, has_next: bool, returns: bool) -> ProviderError | None:
        """How it ended: None where a turn has ended and a better one has rested. An engine
        without a successor may take its time for finals."""
        name = member.engine.card.name
        self._patience = self._limits.flush_s if has_next else None
        stream: SttStream | None = None
        try:
            async with asyncio.timeout(self._limits.return_s if returns else self._limits.open_s):
                stream = await member.engine.open(self._language, hints=self._hints)
            async with asyncio.timeout(None) as self._limit:
                self._connect(stream)
                self._members.answers(member)
                async for event in stream:
                    if not self._answered:
                        self._answered = True
                        member.circuit.succeeded()
                    self._tell(event)
                    if self._is_between_turns(event) and self._members.has_better(member):
                        return None
        except ProviderError as error:
            return error
        except TimeoutError:
            return EngineTimeout(name, "no stream or no finals in time")
        except Exception as error:  # noqa: BLE001 - an SDK's surprise must not end the ear
            return InvalidResponse(name, type(error).__name__)
        else:
            return EngineUnavailable(name, "the stream ended")
        finally:
            self._stream = self._limit = None
            if stream is not None:
                await stream.aclose()

    def _is_between_turns(self, event: SttEvent) -> bool:
        """After it. An engine that tells turns is hardly ever flushed; what was said after the words of its
        turn is heard again by the next one.
        """
        if event.kind == "flushed":
            return self._replay.is_empty
        return event.kind == "end_of_turn" and bool(event.words) and not self._waiting_flushes

    def _connect(self, stream: SttStream) -> None:
        self._base = self._replay.start
        self._tell_level(stream)
        for item in self._replay.items():
            if item is None:
                stream.flush()
            else:
                stream.push(item)
        self._stream = stream
        self._wait_for_finals()

    def _wait_for_finals(self) -> None:
        """From now on, if any were asked for."""
        if self._limit is None or self._patience is None:
            return
        now = asyncio.get_running_loop().time()
        self._limit.reschedule(now + self._patience if self._waiting_flushes else None)

    def _tell(self, event: SttEvent) -> None:
        if event.kind == "flushed":
            self._waiting_flushes = max(0, self._waiting_flushes - 1)
            self._replay.flushed()
        self._wait_for_finals()
        if event.words:
            offset = self._base / INPUT_HZ
            words = tuple(
                replace(word, start_s=word.start_s + offset, end_s=word.end_s + offset)
                for word in event.words
            )
            event = replace(event, words=words)
            if event.kind in ("final", "end_of_turn"):
                self._replay.settled(int(words[-1].end_s * INPUT_HZ))
        self._events.tell(event)

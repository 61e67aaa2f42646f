"""Access of all speakers of a worker to the one process that decodes utterances.

Finals come first, in the order in which they were asked for, and stop a partial that is being decoded.
Partials take only what time is left: at most PARTIAL_SHARE of the process's time, and none while it is busy.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ai_agent.audio import Pcm
from ai_agent.errors import EngineTimeout, EngineUnavailable, ProviderError
from ai_agent.providers.local.pipe_protocol import Frame, MoonshineKind, pack_request
from server.common.tasks import BackgroundTask

PARTIAL_SHARE = 0.35
ANSWER_S = 8.0
"""A process that takes longer for one utterance hangs, and is replaced."""
TRIES = 2


class ChildProcess(Protocol):
    """The used part of an EngineProcess."""

    async def ensure(self) -> None: ...

    def send(self, kind: bytes, number: int, body: bytes = b"") -> None: ...

    def kill(self) -> None: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Decoded:
    """`tokens`: for the draft of the next request. `confidence`: mean probability of the tokens."""

    tokens: tuple[int, ...]
    words: tuple[tuple[str, float], ...]
    confidence: float

    @property
    def text(self) -> str:
        return " ".join(word for word, _ in self.words)


@dataclass(eq=False, slots=True)
class Job:
    """One request. `result` is cancelled if a partial had to make way."""

    pcm: Pcm
    draft: Sequence[int]
    is_final: bool
    result: asyncio.Future[Decoded] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class DecodeQueue:
    """`aclose` at the end. `start` is optional: requests wait for the process. `process` makes the child
    process from the two callbacks for its frames and its end.
    """

    def __init__(
        self,
        engine: str,
        process: Callable[[Callable[[Frame], None], Callable[[], None]], ChildProcess],
        *,
        answer_s: float = ANSWER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._process = process(self._on_frame, self._on_lost)
        self._answer_s = answer_s
        self._clock = clock
        self._jobs: deque[Job] = deque()
        self._current: Job | None = None
        self._partials_from = 0.0
        self._numbers = itertools.count(1)
        self._number = 0
        self._outcome: Decoded | ProviderError | None = None
        self._woken = asyncio.Event()
        self._changed = asyncio.Event()
        self._is_closed = False
        self._task = BackgroundTask(f"{engine} queue", self._serve)

    async def start(self) -> None:
        """Idempotent. Raises ProviderError if the process cannot run here."""
        await self._process.ensure()
        self._task.start()

    async def aclose(self) -> None:
        """Idempotent. Requests that wait fail with EngineUnavailable."""
        self._is_closed = True
        await self._task.aclose()
        await self._process.aclose()
        while self._jobs:
            self._fail(self._jobs.popleft(), EngineUnavailable(self._engine, "the engine is closed"))

    async def final(self, pcm: Pcm) -> Decoded:
        """Without a draft, which would cost a little accuracy. Raises ProviderError."""
        if self._is_closed:
            raise EngineUnavailable(self._engine, "the engine is closed")
        job = Job(pcm, (), is_final=True)
        self._jobs.append(job)
        self._task.start()
        if self._current is not None and not self._current.is_final:
            self._current.result.cancel()
        self._changed.set()
        try:
            return await job.result
        finally:
            if job in self._jobs:
                self._jobs.remove(job)

    def partial(self, pcm: Pcm, draft: Sequence[int]) -> asyncio.Future[Decoded] | None:
        """None: the process has no time for it now. Cancel the future if its words are no longer needed."""
        if self._is_closed or self._current or self._jobs or self._clock() < self._partials_from:
            return None
        job = Job(pcm, draft, is_final=False)
        self._jobs.append(job)
        self._task.start()
        self._changed.set()
        return job.result

    async def _serve(self) -> None:
        while True:
            while not self._jobs:
                self._changed.clear()
                await self._changed.wait()
            job = self._current = self._jobs.popleft()
            began = self._clock()
            error: ProviderError = EngineUnavailable(self._engine, "the request was dropped")
            try:
                await self._decode_with_retry(job)
            except ProviderError as failure:
                error = failure
            finally:
                self._current = None
                self._fail(job, error)
            if not job.is_final:
                now = self._clock()
                self._partials_from = now + (now - began) * (1 / PARTIAL_SHARE - 1)

    async def _decode_with_retry(self, job: Job) -> None:
        tries = TRIES if job.is_final else 1
        for attempt in range(1, tries + 1):
            try:
                await self._decode(job)
            except (EngineUnavailable, EngineTimeout):
                if attempt == tries:
                    raise
            else:
                return

    async def _decode(self, job: Job) -> None:
        """Returns when the job has its result, or nobody waits for it any longer."""
        await self._process.ensure()
        job.result.add_done_callback(lambda _: self._woken.set())
        self._number, self._outcome = next(self._numbers), None
        body = pack_request(job.pcm.astype("<i2").tobytes(), job.draft)
        self._process.send(MoonshineKind.DECODE, self._number, body)
        try:
            async with asyncio.timeout(self._answer_s):
                while self._outcome is None and not job.result.done():
                    self._woken.clear()
                    await self._woken.wait()
        except TimeoutError as error:
            self._process.kill()
            raise EngineTimeout(self._engine, "its process hangs") from error
        self._settle(job, self._outcome)

    def _settle(self, job: Job, outcome: Decoded | ProviderError | None) -> None:
        """None: nobody waits for the result any longer."""
        if isinstance(outcome, ProviderError):
            raise outcome
        if outcome is None:
            self._process.send(MoonshineKind.CANCEL, self._number)
        elif not job.result.done():
            job.result.set_result(outcome)

    @staticmethod
    def _fail(job: Job, error: ProviderError) -> None:
        if not job.result.done():
            job.result.set_exception(error)

    def _on_frame(self, frame: Frame) -> None:
        if frame.number == self._number and self._outcome is None:
            found = json.loads(frame.body)
            words = tuple((text, probability) for text, probability in found["words"])
            self._outcome = Decoded(tuple(found["tokens"]), words, found["confidence"])
            self._woken.set()

    def _on_lost(self) -> None:
        if self._outcome is None:
            self._outcome = EngineUnavailable(self._engine, "its process ended")
            self._woken.set()

"""The corrector in a child process: one for all jobs of a worker."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from typing import Protocol

from ai_agent.errors import EngineUnavailable, ProviderError
from ai_agent.packages import require
from ai_agent.providers.local.pipe_protocol import CorrectorKind, Frame
from ai_agent.providers.local.process import EngineProcess
from ai_agent.tutor.corrector import Clause, Judgement, Outcome, SentenceCorrection, judge
from ai_agent.tutor.corrector.packages import PACKAGES
from server.common.tasks import TaskSet

_log = logging.getLogger(__name__)

CHILD = "ai_agent.providers.local.corrector_child"
NAME = "corrector"
JUDGE_S = 2.0
"""An answer does not wait longer for a judgement: on a busy machine, or while the process loads."""
MAX_CHARACTERS = 2_000
_UNSURE = Judgement(Outcome.UNSURE)


class Checker(Protocol):
    async def warm_up(self) -> None:
        """Load. Raises nothing."""
        ...

    async def judge(
        self, text: str, *, spoken: bool = False, confidence: float = 1.0, native: str | None = None
    ) -> Judgement:
        """UNSURE if it cannot be judged now. Raises nothing."""
        ...

    async def aclose(self) -> None: ...


class OwnProcessChecker:
    """Judges in the calling thread: for tools and tests."""

    async def warm_up(self) -> None:
        pass

    async def judge(
        self, text: str, *, spoken: bool = False, confidence: float = 1.0, native: str | None = None
    ) -> Judgement:
        return judge(text, spoken=spoken, confidence=confidence, native=native)

    async def aclose(self) -> None:
        pass


class CorrectorProcess:
    """If its packages are not installed, it judges nothing and logs that once."""

    def __init__(self, *, judge_s: float = JUDGE_S, module: str = CHILD) -> None:
        self._judge_s = judge_s
        self._process = EngineProcess(NAME, module, self._on_frame, self._on_lost)
        self._waiting: dict[int, asyncio.Future[Judgement]] = {}
        self._numbers = itertools.count(1)
        self._tasks = TaskSet()
        self._started = asyncio.Event()
        self._is_starting = False
        self._is_installed = _is_installed()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    async def warm_up(self) -> None:
        if self._is_installed:
            self._start()
            await self._started.wait()

    async def judge(
        self, text: str, *, spoken: bool = False, confidence: float = 1.0, native: str | None = None
    ) -> Judgement:
        if not self._is_installed or len(text) > MAX_CHARACTERS:
            return _UNSURE
        body = {"text": text, "spoken": spoken, "confidence": confidence, "native": native}
        try:
            async with asyncio.timeout(self._judge_s):
                return await self._ask_twice(json.dumps(body).encode())
        except TimeoutError:
            _log.info("no judgement in time")
        except ProviderError as error:
            _log.warning("no judgement: %s", error)
        return _UNSURE

    async def aclose(self) -> None:
        await self._tasks.aclose()
        await self._process.aclose()

    async def _ask_twice(self, body: bytes) -> Judgement:
        """The process may have ended a moment ago, which is seen only when its output ends."""
        try:
            return await self._ask(body)
        except EngineUnavailable as error:
            _log.info("asking again: %s", error)
            return await self._ask(body)

    async def _ask(self, body: bytes) -> Judgement:
        await self._ready()
        number = next(self._numbers)
        # only now: the end of an earlier process fails all that wait
        waiting: asyncio.Future[Judgement] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            self._process.send(CorrectorKind.CHECK, number, body)
            return await waiting
        finally:
            del self._waiting[number]

    async def _ready(self) -> None:
        """Raises EngineUnavailable. The start goes on if the caller no longer waits."""
        self._start()
        await self._started.wait()
        if not self._process.is_running:
            raise EngineUnavailable(NAME, "its process does not run")

    def _start(self) -> None:
        if not self._is_starting and not self._process.is_running:
            self._is_starting = True
            self._started.clear()
            self._tasks.spawn(self._ensure(), f"start of the {NAME}")

    async def _ensure(self) -> None:
        try:
            await self._process.ensure()
        except ProviderError as error:
            _log.warning("the corrector did not start: %s", error)
        finally:
            self._is_starting = False
            self._started.set()

    def _on_frame(self, frame: Frame) -> None:
        waiting = self._waiting.get(frame.number)
        if waiting is not None and not waiting.done():
            waiting.set_result(_read(frame.body))

    def _on_lost(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(EngineUnavailable(NAME, "its process ended"))


def _read(body: bytes) -> Judgement:
    found = json.loads(body)
    return Judgement(
        Outcome(found["outcome"]),
        tuple(
            SentenceCorrection(
                original=one["original"],
                corrected=one["corrected"],
                reasons=tuple(one["reasons"]),
                categories=tuple(one["categories"]),
            )
            for one in found["corrections"]
        ),
        tuple(Clause(**{**one, "named": tuple(one["named"])}) for one in found["clauses"]),
    )


def _is_installed() -> bool:
    try:
        for package in PACKAGES:
            require(package)
    except ModuleNotFoundError as error:
        _log.warning("no corrections by rules: package %s is not installed", error.name)
        return False
    return True

"""Loads what jobs need, one thing after the other, in the order in which a first job needs it.

On a busy machine this takes many times the 3 s of CPU that it costs. So the worker registers before it, and a
job that comes meanwhile waits only for its part: the code, and the voice and the recogniser of its language.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from ai_agent.config import Settings
from ai_agent.errors import SettingError, missing_package
from ai_agent.jobs.ports import Outbox, Runner, Voice
from ai_agent.providers.catalog import Choice
from server.common.garbage import keep_collections_short
from server.protocol import agents as wire

if TYPE_CHECKING:
    from ai_agent.jobs.parts import JobParts

_log = logging.getLogger(__name__)


class StartUp:
    """Implements JobSource. Call `run` once, `aclose` at the end."""

    def __init__(self, settings: Settings, choice: Choice) -> None:
        self.languages = choice.languages
        self.is_loading = True
        self._settings = settings
        self._choice = choice
        self._parts: JobParts | None = None
        self._has_parts = asyncio.Event()

    async def run(self) -> None:
        """Raises SettingError if no job could run here."""
        began = time.monotonic()
        parts = self._parts = await self._import_parts()
        await parts.open()
        self._has_parts.set()
        took: dict[str, float] = {"code_s": round(time.monotonic() - began, 2)}
        in_order: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("vad", parts.vad.warm_up),
            ("tts", partial(parts.engines.warm_up, "tts")),
            ("stt", partial(parts.engines.warm_up, "stt")),
            ("pauses", parts.judge.warm_up),
            ("llm", partial(parts.engines.warm_up, "llm")),
        )
        for name, warm_up in in_order:
            before = time.monotonic()
            await warm_up()
            took[f"{name}_s"] = round(time.monotonic() - before, 2)
            if name == "stt":
                self.is_loading = False
        keep_collections_short()
        _log.info("loaded", extra=took)

    async def runner(self, job: wire.Job, outbox: Outbox) -> Runner:
        if self.is_loading:
            _log.info("job waits for engines that are loading", extra={"job_id": job.job_id})
        await self._has_parts.wait()
        assert self._parts is not None  # noqa: S101 - the event says so
        return await self._parts.runner(job, outbox)

    async def voice(self, job: wire.VoiceJob, outbox: Outbox) -> Voice:
        await self._has_parts.wait()
        assert self._parts is not None  # noqa: S101 - the event says so
        return await self._parts.voice(job, outbox)

    async def aclose(self) -> None:
        """Idempotent."""
        if self._parts is not None:
            await self._parts.aclose()

    async def _import_parts(self) -> JobParts:
        try:
            module = await asyncio.to_thread(importlib.import_module, "ai_agent.jobs.parts")
        except ImportError as error:
            if (error.name or "").partition(".")[0] in {"ai_agent", "server"}:
                raise  # not a package that could be installed but a fault of ours
            raise SettingError(missing_package(error)) from None
        parts: JobParts = module.JobParts(self._settings, self._choice)
        return parts

"""A fake worker: a client of `/agents` that sends what the test wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

ENGINES: dict[str, Any] = {
    "stt": {"name": "pocketsphinx", "vendor": "local", "isCloud": False},
    "llm": {"name": "scripted tutor", "vendor": "local", "isCloud": False},
    "tts": {"name": "espeak-ng", "vendor": "local", "isCloud": False},
    "voices": [{"id": "en-gb", "name": "English", "language": "en-GB"}],
    "voice": "en-gb",
    "fallbacks": [],
}


class Link(Protocol):
    """A connection of `tests.fakes.signalling_server`."""

    async def call(self, event: str, payload: Any = None) -> dict[str, Any]: ...

    async def got_where(
        self, event: str, fits: Callable[[dict[str, Any]], bool], *, within_s: float = 5
    ) -> dict[str, Any]: ...

    events: list[tuple[str, dict[str, Any]]]

    def names(self) -> list[str]: ...

    def kill(self) -> None: ...

    @property
    def is_connected(self) -> bool: ...


class FakeWorker:
    """`link`: its connection to `/agents`."""

    def __init__(self, link: Link) -> None:
        self.link = link

    async def say(self, event: str, **members: Any) -> dict[str, Any]:
        return await self.link.call(event, members)

    async def job(self, *, besides: str = "", within_s: float = 5) -> dict[str, Any]:
        """The first job that is assigned to it, except the one with that id."""
        return await self.link.got_where("job", lambda job: job["jobId"] != besides, within_s=within_s)

    async def begin(self, *, besides: str = "", within_s: float = 5) -> dict[str, Any]:
        """Accept the job and report that the tutor is in the room."""
        job = await self.job(besides=besides, within_s=within_s)
        assert await self.say("job_ready", jobId=job["jobId"], engines=ENGINES) == {"ok": True}
        return job

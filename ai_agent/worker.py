"""The worker: offers itself to servers, one or several that share their rooms, and runs their jobs."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time

from ai_agent import places, servers
from ai_agent.config import Settings
from ai_agent.errors import ServerLost
from ai_agent.jobs.ports import JobSource
from ai_agent.server_jobs import AssignedJob, ServerJobs
from server.common.tasks import BackgroundTask, TaskSet

_log = logging.getLogger(__name__)

RETRY_S = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Between attempts to connect to a server; the last one applies to all later attempts."""
GIVE_UP_AFTER_S = 5.0
LOOK_EVERY_S = 0.1
_HOME = ""
"""The server of the setting, whichever that is: it tells the names and addresses of all."""


class Worker:
    """`run` until cancelled. `has_registered`: set once it has registered for the first time.

    Implements Owner.
    """

    def __init__(self, settings: Settings, source: JobSource) -> None:
        self.id = f"w{secrets.token_hex(6)}"
        self.has_registered = asyncio.Event()
        self._settings = settings
        self._source = source
        self._links: list[ServerJobs] = []
        self._listed: dict[str, str] = {}
        self._tried: set[str] = set()
        self._tasks = TaskSet()
        self._news = asyncio.Event()
        self._pressure = places.Pressure()

    async def run(self) -> None:
        """Connect to each server, and again whenever a connection is lost."""
        watch = BackgroundTask("pressure", self._watch)
        watch.start()
        try:
            while True:
                self._news.clear()
                self._listed = servers.merged([link.listed for link in self._up()]) or self._listed
                for name in self._missing() - self._tried:
                    self._tried.add(name)
                    self._tasks.spawn(self._keep(name), f"server {name or self._settings.server_url}")
                self._leave_those_of_others()
                await self._news.wait()
        finally:
            await watch.aclose()
            await self._tasks.aclose()

    async def _watch(self) -> None:
        """Measure the delay of the event loop, and its share of a core."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOK_EVERY_S
            await asyncio.sleep(LOOK_EVERY_S)
            now = loop.time()
            self._pressure.look(now, now - due, time.thread_time())

    def free(self) -> int:
        """A job that is cancelled needs no place; its goodbye to a frozen server takes some seconds."""
        return places.free_rooms(self._settings.capacity, self._rooms, self._voices)

    def free_voices(self) -> float:
        pressure = None if self._source.is_loading else self._pressure
        return places.free_voices(self._settings.capacity, self._rooms, self._voices, pressure)

    @property
    def _rooms(self) -> int:
        return sum(not job.is_cancelled for link in self._links for job in link.jobs.values())

    @property
    def _voices(self) -> float:
        return sum(link.voices.cost for link in self._links)

    def registered(self, link: ServerJobs) -> None:
        if link.name and any(other.name == link.name for other in self._up()):
            raise ServerLost(f"{link.name} is served already")
        self.has_registered.set()
        self.changed()

    def changed(self) -> None:
        self._news.set()

    def begins(self, link: ServerJobs, conversation_id: str) -> None:
        others = [other for other in self._links if other is not link]
        former = [job for other in others for job in other.jobs.values()]
        if former := [job for job in former if job.conversation_id == conversation_id]:
            self._tasks.spawn(self._give_up(former), f"former jobs of {conversation_id}")

    async def _give_up(self, former: list[AssignedJob]) -> None:
        """Another server has the conversation. The one before cancels these jobs when the people have left
        it, unless it is frozen."""
        await asyncio.sleep(GIVE_UP_AFTER_S)
        for job in former:
            job.cancel()

    def _up(self) -> list[ServerJobs]:
        return [link for link in self._links if link.is_registered]

    def _missing(self) -> set[str]:
        """Servers that it should serve and does not."""
        served = {link.name for link in self._up()}
        wanted = set(servers.chosen(self.id, self._listed)) - served
        return wanted if served else wanted | {_HOME}

    def _leave_those_of_others(self) -> None:
        """Servers that other workers serve, once it has no jobs of them."""
        wanted = servers.chosen(self.id, self._listed)
        for link in self._up():
            if link.name in self._listed and link.name not in wanted and link.is_idle:
                link.leave()

    async def _keep(self, name: str) -> None:
        """Serve the server as long as it is to be served and no other connection serves it."""
        attempt = 0
        try:
            while name in self._missing():
                url = self._listed.get(name, self._settings.server_url)
                has_registered = await self._serve(url)
                attempt = 0 if has_registered else attempt + 1
                pause = RETRY_S[min(attempt, len(RETRY_S) - 1)]
                await asyncio.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311 - only spreads arrivals
        finally:
            self._tried.discard(name)
            self.changed()

    async def _serve(self, url: str) -> bool:
        """Until the connection is lost. Returns whether it registered there."""
        link = ServerJobs(url, self._settings, self._source, self)
        self._links.append(link)
        try:
            await link.serve()
        except ServerLost as lost:
            _log.info("not connected: %s", lost, extra={"url": url})
        finally:
            self._links.remove(link)
        return link.has_registered

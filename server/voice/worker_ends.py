"""Finds a worker for each session, and the WebSocket that the worker opens for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from server.api.clients import bearer
from server.auth import is_service_token
from server.common.tasks import cancel_and_wait
from server.errors import NotFound, Unauthenticated, Unavailable
from server.protocol.voice.base import TRY_LATER
from server.tutor.voice_jobs import VoiceJobs, VoiceRequest
from server.voice.admission import Refused
from server.voice.client_socket import HEARTBEAT_S
from server.voice.settings import LIMITS

WORKER_PATH = "/api/agents/voice/{job_id}"
WORKER_WITHIN_S = 30.0
"""A worker that loads its engines opens its end only then."""
_TRIES = 3
"""Workers that are asked: one that several servers filled in the same second refuses, and one may be lost."""


@dataclass(slots=True)
class _Expected:
    """`done`: set once the session no longer needs the worker's end."""

    arrived: asyncio.Future[web.WebSocketResponse]
    done: asyncio.Event = field(default_factory=asyncio.Event)


class WorkerEnds:
    def __init__(self, jobs: VoiceJobs, agent_token: str) -> None:
        self._jobs = jobs
        self._agent_token = agent_token
        self._expected: dict[str, _Expected] = {}

    @asynccontextmanager
    async def opened(self, request: VoiceRequest) -> AsyncIterator[web.WebSocketResponse]:
        """The end of a worker that has the session, as long as the block runs. Raises Refused."""
        for _ in range(_TRIES):
            job_id = self._begin(request)
            expected = self._expected[job_id] = _Expected(asyncio.get_running_loop().create_future())
            try:
                await self._jobs.send(job_id)
                far = await self._arrival(job_id, expected)
                if far is not None:
                    yield far
                    return
            finally:
                del self._expected[job_id]
                expected.done.set()
                self._jobs.finish(job_id)
        raise Refused("unavailable", "All tutors are busy at the moment. Try again in a minute.", TRY_LATER)

    async def drain(self) -> None:
        """Wait until the workers have sent the last words of the talks that have ended."""
        await self._jobs.drain()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A worker opens its end of a session that waits for it."""
        if not is_service_token(bearer(request), self._agent_token):
            raise Unauthenticated("The token is not this server's PARLOR_AGENT_TOKEN.")
        expected = self._expected.get(request.match_info["job_id"])
        if expected is None or expected.arrived.done():
            raise NotFound
        largest = max(limits.message_bytes for limits in LIMITS.values())
        socket = web.WebSocketResponse(max_msg_size=largest, compress=False, heartbeat=HEARTBEAT_S)
        await socket.prepare(request)
        if not expected.arrived.done():
            expected.arrived.set_result(socket)
            await expected.done.wait()
        await socket.close()
        return socket

    def _begin(self, request: VoiceRequest) -> str:
        """Raises Refused."""
        try:
            return self._jobs.begin(request)
        except Unavailable as error:
            raise Refused("unavailable", error.detail or error.title, TRY_LATER) from None

    async def _arrival(self, job_id: str, expected: _Expected) -> web.WebSocketResponse | None:
        """None if the worker is full or lost. Raises Refused if it does not come."""
        ended = asyncio.create_task(self._jobs.ended(job_id), name="voice session given back")
        try:
            either: set[asyncio.Future[Any]] = {ended, expected.arrived}
            await asyncio.wait(either, timeout=WORKER_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
            if expected.arrived.done():
                return expected.arrived.result()
            if ended.done():
                return None
        finally:
            await cancel_and_wait(ended)
        raise Refused("unavailable", "The tutor did not start in time. Try again.", TRY_LATER)

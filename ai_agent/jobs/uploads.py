"""Uploads recordings to the server, each after the message that it belongs to.

Recordings do not wait for each other: one whose message is refused, or that is retried, delays no other. Each
has a deadline, and together they hold a bounded amount of memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Literal
from urllib.parse import urlsplit

import aiohttp

from ai_agent.audio import Pcm, seconds
from ai_agent.jobs.recording import ogg_opus
from server.common.tasks import TaskSet

_log = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024 * 1024
"""Samples of all recordings that wait, eleven minutes of a tutor's voice."""
MAX_SECONDS = 300.0
"""Maximum of one recording; a longer one is cut."""
WITHIN_S = 60.0
"""From the end of the recording until it is stored or given up."""
PAUSES_S = (0.5, 2.0, 5.0, 15.0)
"""Delays before further attempts."""
_PAUSES_IF_UNKNOWN_S = PAUSES_S[1:2]
"""The server has acknowledged the message, but another node may answer, before the store has it."""
_AT_ONCE = 4
"""Requests under way. An attempt waits for one; its pauses do not."""
_ENCODING_AT_ONCE = 1
_CLOSE_WITHIN_S = 2.0
_TIMEOUT = aiohttp.ClientTimeout(total=20)
Outcome = Literal["stored", "unknown", "retry", "refused"]


class Uploads:
    """`async with Uploads(token) as uploads`: the AudioSink of any number of jobs. At its end it waits
    up to _CLOSE_WITHIN_S for what is under way."""

    def __init__(self, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "audio/ogg"}
        self._held_bytes = 0
        self._tasks = TaskSet()
        self._requests = asyncio.Semaphore(_AT_ONCE)
        self._encoding = asyncio.Semaphore(_ENCODING_AT_ONCE)
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Uploads:
        self._http = aiohttp.ClientSession(timeout=_TIMEOUT)
        return self

    async def __aexit__(self, *_: object) -> None:
        http, self._http = self._http, None
        try:
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                await self._tasks.wait()
        except TimeoutError:
            _log.warning("%d recordings given up at the end", len(self._tasks))
        finally:
            await self._tasks.aclose()
            if http is not None:
                await http.close()

    def put(self, server_url: str, message_id: str, audio: Pcm, rate: int, accepted: Awaitable[bool]) -> None:
        """`server_url`: of the server that got the message; one of several may share its host with others.
        `accepted`: whether it has taken the message. Never blocks or raises: what does not fit is dropped."""
        audio = audio[: int(MAX_SECONDS * rate)]
        if self._http is None or self._held_bytes + audio.nbytes > MAX_BYTES:
            _log.warning("recording dropped: too many wait", extra={"seconds": round(seconds(audio, rate))})
            return
        self._held_bytes += audio.nbytes
        server = urlsplit(server_url)
        url = f"{server.scheme}://{server.netloc}/api/agents/audio/{message_id}"
        upload = self._keep(self._http, url, audio, rate, accepted)
        task = self._tasks.spawn(upload, f"upload of {message_id}")
        size = audio.nbytes
        task.add_done_callback(lambda _: self._free(size))

    def _free(self, size: int) -> None:
        self._held_bytes -= size

    async def _keep(
        self, http: aiohttp.ClientSession, url: str, audio: Pcm, rate: int, accepted: Awaitable[bool]
    ) -> None:
        try:
            async with asyncio.timeout(WITHIN_S):
                if not await accepted:
                    return
                async with self._encoding:
                    body = await asyncio.to_thread(ogg_opus, audio, rate)
                await self._upload(http, url, body)
        except TimeoutError:
            _log.warning("recording not stored in time", extra={"url": url})

    async def _upload(self, http: aiohttp.ClientSession, url: str, body: bytes) -> None:
        tried = 0
        while True:
            answer, outcome = await self._attempt(http, url, body)
            if outcome == "stored":
                return
            pauses = {"retry": PAUSES_S, "unknown": _PAUSES_IF_UNKNOWN_S}.get(outcome, ())
            if tried >= len(pauses):
                break
            await asyncio.sleep(pauses[tried])
            tried += 1
        _log.warning("recording not stored", extra={"url": url, "answer": answer})

    async def _attempt(self, http: aiohttp.ClientSession, url: str, body: bytes) -> tuple[str, Outcome]:
        try:
            async with self._requests, http.put(url, data=body, headers=self._headers) as response:
                return str(response.status), outcome_of(response.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            return type(error).__name__, "retry"


def outcome_of(status: int) -> Outcome:
    """Return what an HTTP status means for the same request made again."""
    if status < 300:
        return "stored"
    if status == 404:
        return "unknown"
    return "retry" if status in {408, 429} or status >= 500 else "refused"

"""Kept sound on its way to the server: one at a time, behind the messages that it belongs to."""

from __future__ import annotations

import asyncio

import aiohttp
import structlog

from ai_agent.audio import Pcm, seconds
from ai_agent.jobs.recording import ogg_opus

_log = structlog.get_logger(__name__)

MAX_WAITING = 64
MAX_SECONDS = 300.0
"""Of one message; what is longer is cut."""
PAUSES_S = (0.0, 0.5, 2.0, 5.0)
"""Before each try. The message itself may still be on its way: the server answers 404 until it is there."""
_TIMEOUT = aiohttp.ClientTimeout(total=20)


class Uploads:
    """`async with Uploads(url, token) as uploads`: Keeper for any number of jobs."""

    def __init__(self, server_url: str, token: str) -> None:
        self._url = server_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "audio/ogg"}
        self._waiting: asyncio.Queue[tuple[str, Pcm, int]] = asyncio.Queue(MAX_WAITING)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Uploads:
        self._task = asyncio.create_task(self._run(), name="uploads")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    def put(self, message_id: str, audio: Pcm, rate: int) -> None:
        """Never blocks: what does not fit is not kept."""
        try:
            self._waiting.put_nowait((message_id, audio[: int(MAX_SECONDS * rate)], rate))
        except asyncio.QueueFull:
            _log.warning("sound is not kept: too much of it waits", seconds=round(seconds(audio, rate)))

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
            while True:
                message_id, audio, rate = await self._waiting.get()
                body = await asyncio.to_thread(ogg_opus, audio, rate)
                await self._upload(http, message_id, body)

    async def _upload(self, http: aiohttp.ClientSession, message_id: str, body: bytes) -> None:
        url = f"{self._url}/api/agents/audio/{message_id}"
        said = ""
        for pause in PAUSES_S:
            await asyncio.sleep(pause)
            try:
                async with http.put(url, data=body, headers=self._headers) as answer:
                    if answer.status < 300:
                        return
                    said = str(answer.status)
            except (aiohttp.ClientError, TimeoutError) as error:
                said = type(error).__name__
        _log.warning("sound was not kept", message_id=message_id, said=said)

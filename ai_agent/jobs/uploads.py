"""Kept sound on its way to the server: one at a time, behind the messages that it belongs to."""

from __future__ import annotations

import asyncio
import logging

import aiohttp

from ai_agent.audio import Pcm, seconds
from ai_agent.jobs.recording import ogg_opus
from server.common.tasks import BackgroundTask

_log = logging.getLogger(__name__)

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
        self._task = BackgroundTask("uploads", self._run)

    async def __aenter__(self) -> Uploads:
        self._task.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._task.aclose()

    def put(self, message_id: str, audio: Pcm, rate: int) -> None:
        """Never blocks: what does not fit is not kept."""
        try:
            self._waiting.put_nowait((message_id, audio[: int(MAX_SECONDS * rate)], rate))
        except asyncio.QueueFull:
            _log.warning(
                "%s recordings wait to be uploaded, one is dropped",
                MAX_WAITING,
                extra={"seconds": round(seconds(audio, rate))},
            )

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
        _log.warning("recording not uploaded", extra={"message_id": message_id, "error": said})

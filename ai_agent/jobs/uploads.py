"""Uploads recordings to the server, one at a time, each after the message that it belongs to."""

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
"""Maximum of one recording; a longer one is cut."""
PAUSES_S = (0.0, 0.5, 2.0, 5.0)
"""Delays before the attempts. The message may still be on its way: the server answers 404 until it is
stored."""
_TIMEOUT = aiohttp.ClientTimeout(total=20)


class Uploads:
    """`async with Uploads(url, token) as uploads`: the AudioSink of any number of jobs."""

    def __init__(self, server_url: str, token: str) -> None:
        self._url = server_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "audio/ogg"}
        self._waiting: asyncio.Queue[tuple[str, Pcm, int]] = asyncio.Queue(MAX_WAITING)
        self._background = BackgroundTask("uploads", self._upload_all, restart_after_s=0.0)

    async def __aenter__(self) -> Uploads:
        self._background.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._background.aclose()

    def put(self, message_id: str, audio: Pcm, rate: int) -> None:
        """Never blocks or raises: when the queue is full, the recording is dropped."""
        try:
            self._waiting.put_nowait((message_id, audio[: int(MAX_SECONDS * rate)], rate))
        except asyncio.QueueFull:
            length = round(seconds(audio, rate))
            _log.warning("recording dropped: %d wait for upload", MAX_WAITING, extra={"seconds": length})

    async def _upload_all(self) -> None:
        """An unexpected error costs the recording in hand: the task starts again with the next one."""
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
            while True:
                message_id, audio, rate = await self._waiting.get()
                body = await asyncio.to_thread(ogg_opus, audio, rate)
                await self._upload(http, message_id, body)

    async def _upload(self, http: aiohttp.ClientSession, message_id: str, body: bytes) -> None:
        url = f"{self._url}/api/agents/audio/{message_id}"
        answer = ""
        for pause in PAUSES_S:
            await asyncio.sleep(pause)
            try:
                async with http.put(url, data=body, headers=self._headers) as response:
                    if response.status < 300:
                        return
                    answer = str(response.status)
            except (aiohttp.ClientError, TimeoutError) as error:
                answer = type(error).__name__
        _log.warning("recording not stored", extra={"message_id": message_id, "answer": answer})

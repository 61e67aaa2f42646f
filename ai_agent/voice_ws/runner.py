"""Runs one voice session: connects to its client by way of the server, and drives the protocol's adapter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from ai_agent.errors import ServerLost, SettingError
from ai_agent.jobs.ports import Outbox
from ai_agent.room.pacer import pace
from ai_agent.voice_ws.client import Finished, VoiceClient
from ai_agent.voice_ws.coach import Coach
from ai_agent.voice_ws.coach_page import CoachPage
from ai_agent.voice_ws.echo import echo
from ai_agent.voice_ws.flux import Flux
from ai_agent.voice_ws.flux_page import FluxPage
from ai_agent.voice_ws.klass import Class
from ai_agent.voice_ws.link import Link, linked
from ai_agent.voice_ws.outgoing import Outgoing
from ai_agent.voice_ws.talk import Talk, TalkParts
from ai_agent.voice_ws.tutor import Tutor
from server.protocol import agents as wire
from server.protocol.base import short_text
from server.protocol.voice.base import AUDIO_DROPPED, IDLE, UNAVAILABLE, BadMessage, VoiceProtocol
from server.protocol.voice.refusals import refusal

_FLUSH_S = 2.0
_NORMAL, _FAILED = 1000, 1011
_log = logging.getLogger(__name__)

Make = Callable[[Talk, Outgoing, TalkParts], VoiceClient]
CLIENTS: Mapping[VoiceProtocol, Make] = {
    VoiceProtocol.COACH: lambda talk, out, _: (CoachPage if talk.is_extended else Coach)(talk, out),
    VoiceProtocol.FLUX: lambda talk, out, parts: (FluxPage if talk.is_extended else Flux)(
        talk, out, parts.encoder
    ),
    VoiceProtocol.TUTOR: lambda talk, out, parts: Tutor(talk, out, parts.encoder, parts.backlog),
    VoiceProtocol.CLASS: lambda talk, out, parts: Class(talk, out, parts.encoder, parts.courses),
}


class Ended(Exception):
    """The session is over. `code`: that the client's WebSocket is closed with."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class VoiceRunner:
    """`run` once; cancel it to end the session."""

    def __init__(self, job: wire.VoiceJob, parts: TalkParts, outbox: Outbox, token: str) -> None:
        self._job = job
        self._parts = parts
        self._outbox = outbox
        self._token = token
        self._active_at = 0.0
        minutes = parts.idle_s / 60
        self._idle_text = (
            f"Nothing was said for {minutes:.0f} minute{'s' if minutes > 1 else ''}: the session is closed."
        )

    async def run(self) -> None:
        """Never raises but CancelledError: an error in one session must not end the worker's others."""
        detail = ""
        try:
            async with linked(self._outbox.rooms_url, self._token, self._job.job_id) as link:
                await self._serve(link)
        except ServerLost as lost:
            detail = str(lost)
        except Exception as error:  # noqa: BLE001 - see above
            _log.exception("voice session failed")
            detail = type(error).__name__
        finally:
            self._outbox.send(
                "voice_ended", wire.VoiceEnded(job_id=self._job.job_id, detail=short_text(detail))
            )

    async def _serve(self, link: Link) -> None:
        if self._job.protocol is VoiceProtocol.ECHO:
            await self._together(link, self._echo(link))
            return
        talk = Talk(self._job, self._parts, self._outbox)
        client = CLIENTS[self._job.protocol](talk, link.out, self._parts)
        link.out.dropped = lambda: client.error(
            "Speech was dropped: the connection is too slow.", AUDIO_DROPPED
        )
        try:
            await talk.start(client)
            await client.begin()
            await self._together(
                link, self._read(link, client), pace(lambda now, _: client.tick(now)), self._watch(client)
            )
        except SettingError as error:
            client.error(f"There is no tutor for this language: {error}", UNAVAILABLE)
            await self._close(link, _FAILED)
        finally:
            try:
                await talk.finish()
            finally:
                await talk.aclose()  # the client is shown what is cut
                await client.aclose()

    async def _together(self, link: Link, *work: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(link.send_all(), name="voice out")
                for one in work:
                    tasks.create_task(one)
        except* Ended as ended:
            code = next(error.code for error in ended.exceptions if isinstance(error, Ended))
            await self._close(link, code)
        except* ServerLost:
            pass  # the client has gone, or does not read

    async def _close(self, link: Link, code: int) -> None:
        try:
            async with asyncio.timeout(_FLUSH_S):
                await link.flush()
        except TimeoutError:
            pass
        await link.close(code)

    async def _echo(self, link: Link) -> None:
        """Raises Ended."""
        if await echo(link, self._parts.idle_s):
            raise Ended(_NORMAL, "the client has gone")
        link.out.put(refusal(VoiceProtocol.ECHO, IDLE, self._idle_text))
        raise Ended(_NORMAL, "idle")

    async def _read(self, link: Link, client: VoiceClient) -> None:
        self._active_at = _now()
        async for message in link.messages():
            try:
                if isinstance(message, str):
                    is_active = await client.receive_text(message)
                else:
                    is_active = await client.receive_binary(message)
            except BadMessage as error:
                client.error(str(error))
            except Finished:
                raise Ended(_NORMAL, "the client has finished") from None
            else:
                if is_active:
                    self._active_at = _now()
        raise Ended(_NORMAL, "the client has gone")

    async def _watch(self, client: VoiceClient) -> None:
        idle_s = self._parts.idle_s
        while True:
            await asyncio.sleep(min(5.0, idle_s / 4))
            now = _now()
            if client.is_busy:
                self._active_at = now
            elif now - self._active_at > idle_s:
                client.error(self._idle_text, IDLE)
                raise Ended(_NORMAL, "idle")


def _now() -> float:
    return asyncio.get_running_loop().time()

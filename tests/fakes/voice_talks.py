"""One turn of a talk in each of the four voice protocols, as their clients speak them."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from server.common.tasks import cancel_and_wait
from tests.fakes.recorded import recorded
from tests.fakes.server_process import ServerProcess
from tests.fakes.voice import VoiceSocket, loud

_CHUNK_S = 0.128


@dataclass(frozen=True)
class Protocol:
    """`path`: of the session of an id. `open`: what the client sends first. `speak`: says something. `text`:
    what a message adds to the answer. `is_end`: whether it is the end of the answer."""

    path: Callable[[str], str]
    open: Callable[[VoiceSocket, str], Any]
    speak: Callable[[VoiceSocket], Any]
    text: Callable[[dict[str, Any]], str]
    is_end: Callable[[dict[str, Any]], bool]

    async def answer(self, client: VoiceSocket) -> str:
        """Says something. Returns the text of the whole answer."""
        await self.begin(client)
        await client.until(self.is_end)
        return "".join(map(self.text, client.texts))

    async def begin(self, client: VoiceSocket) -> None:
        """Says something, and returns when the answer begins."""
        client.order.clear()
        async with _while_speaking(self.speak(client)):
            await client.until(lambda message: bool(self.text(message)))


@asynccontextmanager
async def session(server: ServerProcess, protocol: Protocol, session_id: str) -> AsyncIterator[VoiceSocket]:
    """A client that is ready to speak."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(server.url + protocol.path(session_id), max_msg_size=0) as socket,
    ):
        client = VoiceSocket(socket)
        await protocol.open(client, session_id)
        yield client


@asynccontextmanager
async def _while_speaking(speaking: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(speaking)
    try:
        yield
    finally:
        await cancel_and_wait(task)


async def _nothing(_client: VoiceSocket, _id: str) -> None:
    pass


async def _hold(client: VoiceSocket) -> None:
    await client.send(loud(1.0))
    await client.say(type="end_turn")


async def _record(client: VoiceSocket) -> None:
    await client.say(action="audio", data=base64.b64encode(recorded(loud(1.0), "wav")).decode())


async def _init(client: VoiceSocket, thread: str) -> None:
    await client.say(action="init", thread_id=thread, audio_format="wav")
    await client.kind("initialized", "event")


async def _listen(client: VoiceSocket, _id: str) -> None:
    await client.say(type="stt_stream_start", language="en-US", sample_rate=16_000)
    await client.kind("stt_ready")


async def _into_open_microphone(client: VoiceSocket, send: Callable[[bytes], Any]) -> None:
    """A second of speech, then silence for ever."""
    said, size = loud(1.0), round(_CHUNK_S * 16_000) * 2
    while True:
        chunk, said = said[:size], said[size:]
        await send(chunk.ljust(size, b"\0"))
        await asyncio.sleep(_CHUNK_S)


async def _stream_base64(client: VoiceSocket) -> None:
    async def send(pcm: bytes) -> None:
        await client.say(type="stt_audio_chunk", audio=base64.b64encode(pcm).decode())

    await _into_open_microphone(client, send)


async def _stream(client: VoiceSocket) -> None:
    await _into_open_microphone(client, client.socket.send_bytes)


def _is(**members: Any) -> Callable[[dict[str, Any]], bool]:
    return lambda message: all(message.get(name) == value for name, value in members.items())


def _text_of(key: str, **members: Any) -> Callable[[dict[str, Any]], str]:
    fits = _is(**members)
    return lambda message: str(message[key]) if fits(message) else ""


PROTOCOLS: Mapping[str, Protocol] = {
    "coach": Protocol(
        lambda i: f"/session?session={i}",
        _nothing,
        _hold,
        _text_of("text", type="coach_text"),
        _is(type="audio_end"),
    ),
    "tutor": Protocol(
        lambda _: "/api/ws/voice", _init, _record, _text_of("token", event="rag_token"), _is(event="done")
    ),
    "class": Protocol(
        lambda i: f"/ws/class?session={i}",
        _listen,
        _stream_base64,
        _text_of("text", type="agent_response"),
        _is(type="audio_generation_complete"),
    ),
    "flux": Protocol(
        lambda i: f"/v2/flux/{i}", _nothing, _stream, _text_of("text", type="TutorText"), _is(type="AudioEnd")
    ),
}

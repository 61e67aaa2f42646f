"""Janus and its VideoRoom, from Debian's package `janus`, by the HTTP API.

A person has two connections: one that publishes, and one that subscribes to all the others once they are
connected (Janus refuses to subscribe to a publisher whose media is not up), in a separate session.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.servers.base import Cores, Room, Sfu, at_most, pinned, speak
from tests.fakes.rtc import MediaLink
from tests.fakes.rtc.link import fingerprints, random_ssrc
from tests.fakes.rtc.sdp import AUDIO_LEVEL_URI, AnswerParts, OfferView, build_answer, parse_offer

_START_TIMEOUT_S = 20.0
_ANSWER_TIMEOUT_S = 20.0
_JOINS_AT_ONCE = 12
"""Janus answers the first flight of a handshake only after a second, so the handshakes run concurrently."""
_UNUSED_PLUGINS = (
    *("audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay"),
    *("sip", "streaming", "textroom", "videocall", "voicemail"),
)
_UNUSED_TRANSPORTS = ("mqtt", "nanomsg", "pfunix", "rabbitmq", "websockets")
_OPUS, _LEVEL_EXTENSION = 111, 1

Json = dict[str, Any]


class JanusError(Exception):
    """Janus answered with an error; the text is its own."""


class JanusSession:
    """One client's session: requests, and the events that answer them."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._open: dict[str, asyncio.Future[Json]] = {}
        self._poll: asyncio.Task[None] | None = None

    async def open(self) -> None:
        created = await self._post(self._url, {"janus": "create"})
        self._url += f"/{created['data']['id']}"
        self._poll = asyncio.create_task(self._listen())

    async def attach(self) -> int:
        attached = await self._post(self._url, {"janus": "attach", "plugin": "janus.plugin.videoroom"})
        return int(attached["data"]["id"])

    async def ask(self, handle: int, body: Json, jsep: Json | None = None) -> Json:
        """The event that answers: {"plugindata": {"data": ...}, "jsep"?}. Raises JanusError."""
        transaction = secrets.token_hex(6)
        answer = self._open[transaction] = asyncio.get_running_loop().create_future()
        message = {"janus": "message", "body": body, **({"jsep": jsep} if jsep else {})}
        first = await self._post(f"{self._url}/{handle}", message, transaction)
        event = first if first["janus"] == "success" else await asyncio.wait_for(answer, _ANSWER_TIMEOUT_S)
        data = event["plugindata"]["data"]
        if "error" in data:
            raise JanusError(f"{body['request']}: {data['error']}")
        return event

    async def aclose(self) -> None:
        if self._poll is not None:
            self._poll.cancel()
            await asyncio.wait([self._poll])

    async def _post(self, url: str, message: Json, transaction: str = "") -> Json:
        body = {"transaction": transaction or secrets.token_hex(6), **message}
        async with self._http.post(url, json=body) as response:
            answer: Json = await response.json(content_type=None)
        if answer["janus"] == "error":
            raise JanusError(str(answer["error"]))
        return answer

    async def _listen(self) -> None:
        while True:
            async with self._http.get(self._url, params={"maxev": "10"}) as response:
                events = await response.json(content_type=None)
            for event in events if isinstance(events, list) else [events]:
                waiting = self._open.pop(event.get("transaction", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(event)


class Person:
    """A session with a publishing connection and, later, a subscribing one."""

    def __init__(self, session: JanusSession, stack: AsyncExitStack) -> None:
        self.feed = 0
        self._session = session
        self._stack = stack

    async def publish(self, fleet: Fleet, room: int) -> int:
        handle = await self._session.attach()
        joined = await self._session.ask(handle, {"request": "join", "ptype": "publisher", "room": room})
        self.feed = joined["plugindata"]["data"]["id"]
        link, ssrc = self._link(), random_ssrc()
        offer = {"type": "offer", "sdp": _publisher_offer(link, ssrc)}
        answered = await self._session.ask(handle, {"request": "publish", "audiocodec": "opus"}, offer)
        await _connect(link, parse_offer(answered["jsep"]["sdp"]))
        return fleet.add(link, ssrc=ssrc, payload_type=_OPUS, level_extension=_LEVEL_EXTENSION)

    async def subscribe(self, fleet: Fleet, room: int, feeds: Sequence[int]) -> None:
        handle = await self._session.attach()
        streams = [{"feed": feed} for feed in feeds if feed != self.feed]
        request = {"request": "join", "ptype": "subscriber", "room": room, "streams": streams}
        offered = await self._session.ask(handle, request)
        offer, link = parse_offer(offered["jsep"]["sdp"]), self._link()
        parts = AnswerParts(link.ufrag, link.password, fingerprints(), ssrc=None)
        answer = build_answer(offer, parts).replace("a=sendonly", "a=recvonly")
        await self._session.ask(handle, {"request": "start"}, {"type": "answer", "sdp": answer})
        await _connect(link, offer)
        fleet.add(link, ssrc=random_ssrc(), payload_type=_OPUS, level_extension=None)

    def _link(self) -> MediaLink:
        link = MediaLink(lambda *_: None, lambda _: None)
        self._stack.push_async_callback(link.aclose)
        return link


class Janus:
    def __init__(
        self, fleet: Fleet, stack: AsyncExitStack, http: aiohttp.ClientSession, url: str, pid: int
    ) -> None:
        self.pid = pid
        self._fleet = fleet
        self._stack = stack
        self._http = http
        self._url = url
        self._rooms = 0

    async def fill(self, people: int) -> Room:
        self._rooms += 1
        room = self._rooms
        await self._create_room(room, people)
        crowd = await at_most(_JOINS_AT_ONCE, [self._person] * people)
        links = await at_most(_JOINS_AT_ONCE, [partial(one.publish, self._fleet, room) for one in crowd])
        feeds = [one.feed for one in crowd]
        await at_most(_JOINS_AT_ONCE, [partial(one.subscribe, self._fleet, room, feeds) for one in crowd])
        return links

    async def speak(self, rooms: Sequence[Room], modes: Sequence[int]) -> None:
        speak(self._fleet, rooms, modes)

    async def _create_room(self, room: int, people: int) -> None:
        session = await self._session()
        request = {"request": "create", "room": room, "publishers": people, "audiocodec": "opus"}
        await session.ask(await session.attach(), request)

    async def _person(self) -> Person:
        return Person(await self._session(), self._stack)

    async def _session(self) -> JanusSession:
        session = JanusSession(self._http, self._url)
        await session.open()
        self._stack.push_async_callback(session.aclose)
        return session


def is_installed() -> bool:
    return shutil.which("janus") is not None


@asynccontextmanager
async def started_with_loops(fleet: Fleet, cores: Cores) -> AsyncIterator[Sfu]:
    """Starts Janus with an event loop for each core; its default is a thread for each connection."""
    async with started(fleet, cores, event_loops=len(cores)) as janus:
        yield janus


@asynccontextmanager
async def started(fleet: Fleet, cores: Cores, event_loops: int = 0) -> AsyncIterator[Sfu]:
    """Configuration in a temporary folder, with only the VideoRoom and HTTP."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        _write_settings(folder, port, event_loops)
        with (folder / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *pinned(cores), "janus", "--configs-folder", name, cwd=name, stdout=log, stderr=log
            )  # its working directory, since it may leave a core file when it ends
        url = f"http://127.0.0.1:{port}/janus"
        http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        try:
            async with http, AsyncExitStack() as stack:
                if not await _is_up(http, url, process):
                    raise RuntimeError(
                        "janus did not start:\n" + (folder / "log").read_text(errors="replace")
                    )
                yield Janus(fleet, stack, http, url, process.pid)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _write_settings(folder: Path, port: int, event_loops: int) -> None:
    plugins = ",".join(f"libjanus_{plugin}.so" for plugin in _UNUSED_PLUGINS)
    transports = ",".join(f"libjanus_{transport}.so" for transport in _UNUSED_TRANSPORTS)
    (folder / "janus.jcfg").write_text(
        f"general: {{ debug_level = 2, session_timeout = 0, event_loops = {event_loops} }}\n"
        f'plugins: {{ disable = "{plugins}" }}\n'
        f'transports: {{ disable = "{transports}" }}\n'
    )
    (folder / "janus.transport.http.jcfg").write_text(
        f'general: {{ json = "compact", http = true, port = {port}, ip = "127.0.0.1" }}\n'
    )
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")


async def _is_up(http: aiohttp.ClientSession, url: str, process: asyncio.subprocess.Process) -> bool:
    """Wait until it answers or has ended."""
    async with asyncio.timeout(_START_TIMEOUT_S):
        while process.returncode is None:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/info") as response:
                    if response.ok:
                        return True
            await asyncio.sleep(0.1)
    return False


async def _connect(link: MediaLink, remote: OfferView) -> None:
    async with asyncio.timeout(30):
        await link.connect(remote.candidates, (remote.ufrag, remote.password), remote.fingerprints)


def _publisher_offer(link: MediaLink, ssrc: int) -> str:
    """A microphone. `setup:active` keeps Janus the DTLS server, as it is for subscribers and as Parlor is."""
    return "\r\n".join(
        [
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            f"m=audio 9 UDP/TLS/RTP/SAVPF {_OPUS}",
            "c=IN IP4 0.0.0.0",
            f"a=ice-ufrag:{link.ufrag}",
            f"a=ice-pwd:{link.password}",
            *(f"a=fingerprint:{algorithm} {digest}" for algorithm, digest in fingerprints()),
            "a=setup:active",
            "a=mid:0",
            "a=sendonly",
            "a=rtcp-mux",
            f"a=extmap:{_LEVEL_EXTENSION} {AUDIO_LEVEL_URI}",
            f"a=rtpmap:{_OPUS} opus/48000/2",
            f"a=fmtp:{_OPUS} minptime=10;useinbandfec=1",
            f"a=ssrc:{ssrc} cname:fake",
            "",
        ]
    )


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])

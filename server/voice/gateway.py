"""The WebSockets of clients and of workers, joined in pairs.

A worker opens its end itself, as it does all its connections: so it needs no port and no address that the
server can reach, wherever it runs, and clients need one port alone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aiohttp import WSCloseCode, hdrs, web
from aiohttp.typedefs import Handler

from server.api.clients import client_ip
from server.common.tasks import TaskSet, Ticker
from server.errors import Banned
from server.protocol.agents import JobSettings
from server.protocol.levels import Level
from server.protocol.voice.base import POLICY, REPLACED, TRY_LATER, VoiceProtocol
from server.protocol.voice.refusals import refusal
from server.rooms.model import Claim, Origin, digest, new_id
from server.rooms.ports import Bus
from server.sessions import SESSION_ENDED_TOPIC
from server.tutor.voice_jobs import VoiceJobs, VoiceRequest
from server.voice.admission import Admission, Refused, VoiceOrigins
from server.voice.arriving import Arriving, Sender
from server.voice.client_socket import ClientSocket
from server.voice.documents import Bases, base_of
from server.voice.metrics import VoiceMetrics
from server.voice.opening import Opening, language_in, open_session
from server.voice.page import Talks, Wish, continued, wish_in
from server.voice.pipe import Inflow, lost, splice
from server.voice.settings import LIMITS, VoiceSettings
from server.voice.shares import VoiceShares
from server.voice.worker_ends import WORKER_PATH, WorkerEnds

OPENED_TOPIC = "voice.opened"
PATHS: Mapping[str, VoiceProtocol] = {
    "/session": VoiceProtocol.COACH,
    "/api/ws/voice": VoiceProtocol.TUTOR,
    "/ws/class": VoiceProtocol.CLASS,
    "/v2/flux/{session_id}": VoiceProtocol.FLUX,
    "/v2/echo/{session_id}": VoiceProtocol.ECHO,
}
_REPLACED_WITHIN_S = 3.0
_PUBLISH_EVERY_S = 0.5
_LAST_WORDS_S = 2.0
"""When the server stops, workers have this long to send what was said."""
_TOO_MUCH_ARRIVES = "too_many_requests"
_TOO_MUCH_TEXT = "Too many recordings are arriving at the moment. Try again in a moment."
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Open:
    """A client's connection. `user_id`: empty until it is known. `session`: digest of its user's session,
    empty without a token. `ended`: set once it has. `refusing`: held while it is told why it ends."""

    socket: ClientSocket
    protocol: VoiceProtocol
    sender: Sender
    origin: Origin
    id: str = field(default_factory=new_id)
    user_id: str = ""
    session: str = ""
    conversation_id: str = ""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    refusing: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts that decide who gets in. `origin_of`: where a request comes from, as digests."""

    admission: Admission
    origins: VoiceOrigins
    shares: VoiceShares
    bases: Bases
    talks: Talks
    origin_of: Callable[[web.BaseRequest], Origin]


class VoiceGateway:
    def __init__(
        self,
        jobs: VoiceJobs,
        entry: Entry,
        settings: VoiceSettings,
        metrics: VoiceMetrics,
        *,
        bus: Bus,
        node_id: str,
        agent_token: str,
    ) -> None:
        self._workers = WorkerEnds(jobs, agent_token)
        self._entry = entry
        self._shares = shares = entry.shares
        self._arriving = Arriving()
        metrics.arriving_from(lambda: self._arriving.total)
        self._settings = settings
        self._metrics = metrics
        self._publishing = Ticker("voice shares", _PUBLISH_EVERY_S, lambda: shares.publish(time.monotonic()))
        self._bus = bus
        self._node_id = node_id
        self._open: set[_Open] = set()
        self._closing = TaskSet()
        bus.subscribe(OPENED_TOPIC, self._opened_elsewhere)
        bus.subscribe(SESSION_ENDED_TOPIC, self._signed_out)

    def __len__(self) -> int:
        return len(self._open)

    def add_routes(self, app: web.Application) -> None:
        for path, protocol in PATHS.items():
            app.router.add_get(path, self._handler(protocol), name=f"voice_{protocol}", allow_head=False)
        app.router.add_get(WORKER_PATH, self._workers.handle, allow_head=False)
        app.router.add_get("/health", _health)
        app.on_startup.append(self._begin)
        app.on_shutdown.append(self._close_all)

    def cut_banned(
        self, user_id: str, session_digests: Collection[str], devices: Collection[str]
    ) -> Sequence[Origin]:
        """End the connections of the user and of the sessions, and those without a session from the devices:
        they are of guests whom nobody knows. Returns from where the user's came."""
        own = [here for here in self._open if here.user_id == user_id]
        of_sessions = [here for here in self._open if here.session and here.session in session_digests]
        guests = [here for here in self._open if not here.session and here.origin.device in devices]
        for here in {*own, *of_sessions, *guests}:
            refused = _refuse(here, Banned.code, Banned.title, POLICY)
            self._closing.spawn(refused, "voice session of somebody who is banned")
        return [here.origin for here in own]

    def _handler(self, protocol: VoiceProtocol) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            if request.headers.get(hdrs.UPGRADE, "").lower() != "websocket":
                return web.Response(
                    status=426, text="Connect by WebSocket.", headers={hdrs.UPGRADE: "websocket"}
                )
            return await self._client(protocol, request)

        return handle

    def _connection(self, protocol: VoiceProtocol, origin: Origin) -> _Open:
        def end() -> None:
            here.socket.drop()
            self._metrics.refused(_TOO_MUCH_ARRIVES)
            refused = _refuse(here, _TOO_MUCH_ARRIVES, _TOO_MUCH_TEXT, TRY_LATER)
            self._closing.spawn(refused, "voice session that made room for others")

        sender = Sender(Claim(""), end)
        socket = ClientSocket(protocol, lambda size: self._arriving.hold(sender, size))
        here = _Open(socket, protocol, sender, origin)
        return here

    async def _client(self, protocol: VoiceProtocol, request: web.Request) -> web.WebSocketResponse:
        here = self._connection(protocol, self._entry.origin_of(request))
        socket = here.socket
        await socket.prepare(request)
        try:
            await self._serve(request, here)
        except Refused as refused:
            self._metrics.refused(refused.code)
            await _refuse(here, refused.code, str(refused), refused.closes)
        except ConnectionError:
            pass  # the client has left
        finally:
            self._open.discard(here)
            self._shares.drop(here.id)
            self._arriving.drop(here.sender)
            async with here.refusing:  # aiohttp closes the connection at the end, also before the last words
                await socket.close()
            here.ended.set()
        return socket

    async def _serve(self, request: web.Request, here: _Open) -> None:
        """Raises Refused, ConnectionError."""
        settings, protocol, entry = self._settings, here.protocol, self._entry
        entry.origins.check(request)
        entry.admission.check_rate(client_ip(request, settings.trusted_proxies))
        origin = here.origin
        here.sender.claim = Claim.of("", origin)
        self._shares.add(here.id, here.sender.claim)
        self._open.add(here)
        self._arriving.add(here.sender)
        inflow = Inflow(LIMITS[protocol], settings.rate)
        usual = settings.coach_language if protocol is VoiceProtocol.COACH else settings.language
        language, wish = language_in(request, usual), wish_in(request, protocol)
        opening = await open_session(protocol, request, here.socket, entry.admission, inflow, origin)
        here.user_id = opening.user.id
        if opening.claims is not None:
            here.session = digest(opening.claims.session_id)
        # It may have ended, or been banned, while the client was asked for its first message.
        await entry.admission.require(here.user_id, opening.claims, origin)
        asked = VoiceRequest(
            protocol,
            opening.session_id,
            opening.user,
            opening.claims is not None,
            _job_settings(language, opening, wish),
            continues=await continued(entry.talks, wish, opening),
            extended=wish.extended,
        )
        await self._take_over(here, asked.conversation_id)
        self._shares.own(here.id, opening.user.id)
        here.sender.claim = Claim.of(opening.user.id, origin)
        if protocol is VoiceProtocol.TUTOR and opening.claims is not None:
            kb_id = request.query.get("kb_id", "")[:64]
            base = await base_of(entry.bases, entry.talks, opening.user.id, kb_id, asked.conversation_id)
            asked = replace(asked, settings=asked.settings.model_copy(update={"knowledge": base}))
        await self._join(here, asked, opening.first, inflow)

    async def _take_over(self, here: _Open, conversation_id: str) -> None:
        """The newest connection has the session: a client that reconnects must not wait for its old one."""
        here.conversation_id = conversation_id
        before = [o for o in self._open if o is not here and o.conversation_id == here.conversation_id]
        for other in before:
            try:
                async with asyncio.timeout(_REPLACED_WITHIN_S):  # also if that client reads nothing any more
                    await _replace(other)
                    await other.ended.wait()
            except TimeoutError:
                _log.warning("the session's former connection does not end")

    async def _join(self, here: _Open, request: VoiceRequest, first: tuple[str, ...], inflow: Inflow) -> None:
        """`first`: messages that were read and are the worker's. Raises Refused."""
        self._bus.publish(OPENED_TOPIC, {"conversation": here.conversation_id, "node": self._node_id})
        async with self._workers.opened(request) as far:
            for text in first:
                await far.send_str(text)
            await _end_like(await splice(here.socket, far, inflow), here.socket)

    def _opened_elsewhere(self, message: Mapping[str, object]) -> None:
        if message.get("node") == self._node_id:
            return
        for other in tuple(self._open):
            if other.conversation_id and other.conversation_id == message.get("conversation"):
                self._closing.spawn(_replace(other), "voice session opened elsewhere")

    def _signed_out(self, ended: Mapping[str, object]) -> None:
        """On whichever device or server, or because the profile is gone."""
        for here in tuple(self._open):
            if here.session and here.session == ended.get("session_digest"):
                refused = _refuse(here, "session_ended", "You have signed out here.", POLICY)
                self._closing.spawn(refused, "voice session of an ended sign-in")

    async def _begin(self, _app: web.Application) -> None:
        self._publishing.start()

    async def _close_all(self, _app: web.Application) -> None:
        """Before aiohttp waits for its handlers."""
        await self._publishing.aclose()
        await self._closing.aclose()
        here = tuple(self._open)
        try:
            async with asyncio.timeout(_LAST_WORDS_S):
                await asyncio.gather(*map(_stop, here))
                await self._workers.drain()
        except TimeoutError:
            _log.warning("a voice session ends before its last words are stored")


async def _end_like(code: int | None, near: web.WebSocketResponse) -> None:
    """Close the client's end as the worker has closed its own. Raises Refused if the worker gave it up."""
    if code is None or near.closed:
        return
    if code not in {WSCloseCode.OK, WSCloseCode.INTERNAL_ERROR}:
        raise lost()
    await near.close(code=code)


async def _health(_request: web.Request) -> web.Response:
    return web.Response(text="OK")


async def _replace(other: _Open) -> None:
    await _refuse(other, "replaced", "The session was opened by another connection.", REPLACED)


async def _stop(here: _Open) -> None:
    await here.socket.close(code=WSCloseCode.GOING_AWAY, message=b"the server stops")
    await here.ended.wait()


async def _refuse(here: _Open, code: str, text: str, closes: int) -> None:
    async with here.refusing:
        try:
            await here.socket.send_str(refusal(here.protocol, code, text))
            await here.socket.close(code=closes, message=code.encode())
        except ConnectionError:
            pass  # the client has left


def _job_settings(language: str, opening: Opening, wish: Wish) -> JobSettings:
    is_vietnamese = language.partition("-")[0] == "vi"
    return JobSettings(
        language=language,
        level=wish.level or Level(opening.user.level or Level.B1),
        topic=wish.topic,
        voice="vi-VN-HoaiMyNeural" if is_vietnamese else None,
        rate=0.9,
        one_to_one=True,
        captions=True,
        breaks_silence=False,
    )

"""A real signalling server on a free port, with fake media and stores, and clients for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import socketio
from aiohttp import web
from prometheus_client import CollectorRegistry

from server.auth import TokenClaims
from server.errors import SessionEnded, TokenExpired, Unauthenticated
from server.people.hidden import HiddenPeople
from server.people.ports import BlockStore
from server.rooms.model import Origin, digest
from server.rooms.ports import RoomsSettings
from server.rooms.service import RoomsService
from server.signalling import Connections, Signalling, SignallingOptions
from server.signalling.agents import AgentNamespace
from server.tutor.ports import Recording
from server.tutor.service import Stores, TutorService
from tests.fakes.classes import FakeClassStore
from tests.fakes.conversations import FakeConversations
from tests.fakes.media import FakeMedia
from tests.fakes.memory import FakeMemory
from tests.fakes.people import NoBlocks
from tests.fakes.rooms_world import RoomsCore, a_draft, a_user
from tests.fakes.stores import FakeRoomStore, FakeUserStore
from tests.fakes.worker import FakeWorker

AGENT_TOKEN = "the token that workers show to the server"
UNLIMITED = SignallingOptions(rate_limit=0)


class FakeSessions:
    """Accepts tokens such as `token:ann` for the user ann; the session has the token as its id."""

    def __init__(self) -> None:
        self.ended = {"token:signed-out"}

    def verify(self, token: str) -> TokenClaims:
        if token == "expired":
            raise TokenExpired
        kind, _, user_id = token.partition(":")
        if kind != "token" or not user_id:
            raise Unauthenticated
        return TokenClaims(user_id, token)

    async def require(self, claims: TokenClaims, origin: Callable[[], Origin]) -> None:
        if claims.session_id in self.ended:
            raise SessionEnded


@dataclass
class Client:
    """One user's connection to a namespace. Records all events."""

    socket: socketio.AsyncClient
    namespace: str
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def call(self, event: str, payload: Any = None, *, within_s: float = 10) -> dict[str, Any]:
        answer = await self.socket.call(
            event, {} if payload is None else payload, namespace=self.namespace, timeout=within_s
        )
        assert isinstance(answer, dict)
        return answer

    async def join(self, room_id: str, **options: Any) -> dict[str, Any]:
        return await self.call("join", {"roomId": room_id, **options})

    async def got(self, event: str, *, within_s: float = 5, **members: Any) -> dict[str, Any]:
        """The first event of that name with these fields, received already or in future."""
        return await self.got_where(event, lambda p: members.items() <= p.items(), within_s=within_s)

    async def got_where(
        self, event: str, fits: Callable[[dict[str, Any]], bool], *, within_s: float = 5
    ) -> dict[str, Any]:
        """The first matching event of that name, received already or in future."""

        def find() -> dict[str, Any] | None:
            return next((p for name, p in self.events if name == event and fits(p)), None)

        async with asyncio.timeout(within_s), self._news:
            await self._news.wait_for(lambda: find() is not None)
        found = find()
        assert found is not None
        return found

    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    async def note(self, event: str, payload: dict[str, Any]) -> None:
        async with self._news:
            self.events.append((event, payload))
            self._news.notify_all()

    @property
    def is_connected(self) -> bool:
        return bool(self.socket.connected)

    async def close(self) -> None:
        await self.socket.disconnect()

    def kill(self) -> None:
        """Drop the network connection without a close message."""
        transport = self.socket.eio.ws._response.connection.transport
        transport.abort()


@dataclass
class SignallingServer:
    url: str
    rooms: RoomsService
    signalling: Signalling
    sessions: FakeSessions
    media: FakeMedia
    store: FakeRoomStore
    users: FakeUserStore
    http: aiohttp.ClientSession
    tutor_service: TutorService
    talks: FakeConversations
    registry: CollectorRegistry
    clients: list[Client] = field(default_factory=list)

    async def client(self, user_id: str, namespace: str = "/rooms", **options: Any) -> Client:
        if user_id not in self.users.users:
            await self.users.add_user(a_user(user_id))
        return await self.connect({"token": f"token:{user_id}"}, namespace, **options)

    def sign_out(self, user_id: str) -> None:
        token = f"token:{user_id}"
        self.sessions.ended.add(token)
        self.signalling.end_session(user_id, digest(token))

    async def connect(self, auth: Any, namespace: str = "/rooms", **options: Any) -> Client:
        socket = socketio.AsyncClient(reconnection=False, http_session=self.http)
        client = Client(socket, namespace)
        socket.on("*", client.note, namespace=namespace)
        # The library's default is 1 s, too short on a busy machine.
        defaults = {"transports": ["websocket"], "wait_timeout": 10}
        await socket.connect(self.url, auth=auth, namespaces=[namespace], **{**defaults, **options})
        self.clients.append(client)
        return client

    async def worker(self, capacity: int = 8) -> FakeWorker:
        """A registered worker."""
        client = await self.connect({"token": AGENT_TOKEN}, "/agents")
        worker = FakeWorker(client)
        assert (await worker.say("register", workerId="w1", capacity=capacity))["ok"]
        return worker

    async def room(self, host: str, **draft: Any) -> str:
        if host not in self.users.users:
            await self.users.add_user(a_user(host))
        created = await self.rooms.directory.create_room(host, a_draft(**draft))
        return created.id


@asynccontextmanager
async def signalling_server(
    *,
    options: SignallingOptions = UNLIMITED,
    settings: RoomsSettings | None = None,
    users: FakeUserStore | None = None,
    store: FakeRoomStore | None = None,
    talks: FakeConversations | None = None,
    memory: FakeMemory | None = None,
    heard: FakeClassStore | None = None,
    blocks: BlockStore | None = None,
    client_ip: Callable[[web.Request], str] = lambda request: request.remote or "",
) -> AsyncIterator[SignallingServer]:
    users = users or FakeUserStore()
    store = store or FakeRoomStore(users)
    media = FakeMedia()
    connections = Connections(options, client_ip=client_ip)
    core = RoomsCore(
        store,
        media,
        connections.rooms,
        connections.lobby,
        time.monotonic,
        time.time,
        settings=settings or RoomsSettings(),
    )
    talks = talks or FakeConversations()
    stores = Stores(talks, talks, _NoAudio(), users, memory or FakeMemory(), heard or FakeClassStore())
    registry = CollectorRegistry()
    tutor_service = TutorService(core.tutor_events, connections.workers, stores, registry, time.time)
    rooms = core.service(users, tutor_service.dispatcher)
    app = web.Application()
    agents = AgentNamespace(
        tutor_service.dispatcher, tutor_service.agent_events, tutor_service.voices, AGENT_TOKEN
    )
    sessions = FakeSessions()
    signalling = Signalling(
        connections,
        rooms,
        agents,
        sessions=sessions,
        users=users,
        options=options,
        hidden=HiddenPeople(blocks or NoBlocks(), core.bus),
    )
    signalling.add_routes(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    tutor_service.start()
    await rooms.start()
    await signalling.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    # A shared session, because the library leaves its own open when a connection is refused.
    http = aiohttp.ClientSession()
    server = SignallingServer(
        url, rooms, signalling, sessions, media, store, users, http, tutor_service, talks, registry
    )
    try:
        yield server
    finally:
        for client in server.clients:
            await client.close()
        await http.close()
        await signalling.aclose()
        await tutor_service.aclose()
        await rooms.aclose()
        await runner.cleanup()


class _NoAudio:
    async def save(self, message_id: str, audio: bytes) -> None:
        pass

    async def remove(self, message_ids: Collection[str]) -> None:
        pass

    async def find(self, message_id: str) -> Recording | None:
        return None

    async def list_settled(self) -> Sequence[str]:
        return ()

    async def claim(self, *, is_known: bool) -> bool:
        return True


async def eventually(condition: Callable[[], bool], *, within_s: float = 5) -> None:
    """Poll until the condition holds."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)

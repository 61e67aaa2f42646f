"""The REST API with real rooms behind it, over HTTP on a free port; media and stores are fakes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from multidict import CIMultiDict
from prometheus_client import CollectorRegistry

from server.api import Avatars, Health, OriginPolicy, RateLimits, Services, attach
from server.api.devices import Devices
from server.auth import TokenAuth
from server.cluster.memory import MemoryBus
from server.learning.memories import Memories
from server.learning.mistakes import Mistakes
from server.learning.ports import MemoryStore, MistakeStore, WordStore
from server.learning.words import Words
from server.metrics import Metrics
from server.protocol.base import Outbound
from server.rooms.model import User
from server.rooms.ports import RoomsSettings, UserStore
from server.rooms.service import RoomsService
from server.sessions import SESSION_ENDED_TOPIC, Sessions
from server.storage import AudioFiles
from server.tutor.ports import ConversationStore
from server.tutor.service import Stores, TutorService
from tests.fakes.conversations import FakeConversations
from tests.fakes.media import FakeMedia
from tests.fakes.memory import NoMemories, NoWords
from tests.fakes.mistakes import NoMistakes
from tests.fakes.rooms_world import FakeEventSink, FakeLobbySink, RoomsCore
from tests.fakes.stores import FakeAvatarStore, FakeRoomStore, FakeSessionStore, FakeUserStore

AGENT_TOKEN = "the token that workers show to the server"
SECRET = "a secret for tests, long enough for HS256"
TTL_S = 1_000


@dataclass
class Answer:
    status: int
    headers: CIMultiDict[str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem. Asserts that the problem is complete and reveals no internals."""
        problem = self.json
        assert self.headers["Content-Type"].startswith("application/problem+json")
        assert problem["status"] == self.status
        assert {"type", "title", "detail", "retryable"} <= problem.keys()
        assert b"Traceback" not in self.body
        return str(problem["code"])

    @property
    def wrong(self) -> list[str]:
        """Paths of the invalid fields in a problem."""
        return [error["path"] for error in self.json["errors"]]


@dataclass
class Api:
    client: TestClient[web.Request, web.Application]
    ended: list[object]
    sessions: Sessions
    users: FakeUserStore
    rooms: RoomsService
    health: Health
    clock: list[float]
    changed: list[User]
    tutor_service: TutorService
    talks: FakeConversations
    pictures: FakeAvatarStore
    rooms_bus: MemoryBus

    async def ask(self, method: str, path: str, token: str = "", **options: Any) -> Answer:
        headers = dict(options.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        async with self.client.request(
            method, path, headers=headers, allow_redirects=False, **options
        ) as response:
            return Answer(response.status, CIMultiDict(response.headers), await response.read())

    async def sign_in(self, name: str = "Ann", **profile: Any) -> str:
        answer = await self.ask("POST", "/api/auth/guest", json={"name": name, **profile})
        assert answer.status == 200, answer.body
        return str(answer.json["token"])

    async def room(self, token: str, **wanted: Any) -> dict[str, Any]:
        """Creates a room and lists it."""
        answer = await self.ask("POST", "/api/rooms", token, json={"name": "Coffee", "level": "B1", **wanted})
        assert answer.status == 201, answer.body
        self.clock[0] += 1
        self.rooms.tick()
        return dict(answer.json)


@asynccontextmanager
async def api_server(
    folder: Path,
    *,
    store: UserStore | None = None,
    mistakes: MistakeStore | None = None,
    words: WordStore | None = None,
    memory: MemoryStore | None = None,
    conversations: ConversationStore | None = None,
    limits: RateLimits | None = None,
    origins: OriginPolicy | None = None,
    trusted_proxies: int = 0,
    is_proxied: bool = False,
    metrics_token: str = "",
    rooms_per_user: int = 3,
    public_url: str = "",
) -> AsyncIterator[Api]:
    """`store` None: users are kept in memory. `mistakes`, `words` and `memory` None: nobody has any.
    `conversations` None: they are in memory. No rate limits by default."""
    users = FakeUserStore()
    clock = [1_800_000_000.0]
    changed: list[User] = []
    core = RoomsCore(
        FakeRoomStore(users),
        FakeMedia(),
        FakeEventSink(),
        FakeLobbySink(),
        lambda: clock[0],
        lambda: clock[0],
        settings=RoomsSettings(max_rooms_per_user=rooms_per_user, max_rooms=100_000),
    )
    bus, ended = MemoryBus(), list[object]()
    bus.subscribe(SESSION_ENDED_TOPIC, lambda payload: ended.append(payload["user_id"]))
    sessions = Sessions(TokenAuth(SECRET, TTL_S), FakeSessionStore(), store or users, bus, lambda: clock[0])
    pictures = FakeAvatarStore()
    avatars = Avatars(pictures)
    health = Health("node1", _answers)
    people = store or users
    own = Mistakes(mistakes or NoMistakes(), people, lambda: clock[0])
    listed = Words(words or NoWords(), people, lambda: clock[0])
    memories = Memories(memory or NoMemories(), own, listed, lambda: clock[0])
    talks = FakeConversations()
    stores = Stores(conversations or talks, talks, AudioFiles(folder / "audio"), people, memories)
    talks.consents = lambda user_id: user_id in users.users and users.users[user_id].keep_audio
    tutor_service = TutorService(
        core.tutor_events, _NoWorkers(), stores, CollectorRegistry(), lambda: clock[0]
    )
    rooms = core.service(store or users, tutor_service.dispatcher)
    tutor_service.start()
    services = Services(
        users=store or users,
        rooms=rooms.directory,
        page_closed=rooms.membership.page_closed,
        user_changed=changed.append,
        count_online=rooms.online.count,
        tutor_languages=tutor_service.dispatcher.jobs.languages,
        devices=Devices(SECRET, trusted_proxies),
        sessions=sessions,
        avatars=avatars,
        health=health,
        metrics=Metrics(),
        limits=limits or RateLimits(0),
        clock=lambda: clock[0],
        trusted_proxies=trusted_proxies,
        is_proxied=is_proxied,
        metrics_token=metrics_token,
        tutoring=rooms.tutor,
        conversations=tutor_service.conversations,
        mistakes=own,
        words=listed,
        memories=memories,
        agent_token=AGENT_TOKEN,
    )
    app = web.Application()
    attach(app, services, origins or OriginPolicy(), folder / "web", public_url)
    try:
        server = TestServer(app)
        await server.start_server(auto_decompress=False)  # as `server.app.http_runner`
        async with TestClient(server) as client:
            yield Api(
                client,
                ended,
                sessions,
                users,
                rooms,
                health,
                clock,
                changed,
                tutor_service,
                talks,
                pictures,
                core.bus,
            )
    finally:
        await tutor_service.aclose()
        await rooms.aclose()
        await avatars.aclose()


async def _answers() -> None:
    pass


class _NoWorkers:
    def send(self, worker_id: str, event: str, message: Outbound) -> None:
        pass

    def cut(self, worker_id: str) -> None:
        pass

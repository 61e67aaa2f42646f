"""The REST API with real rooms behind it, over HTTP on a free port; media and stores are fakes."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from multidict import CIMultiDict
from prometheus_client import CollectorRegistry

from server.accounts.model import Identity
from server.api import Avatars, Health, HostPolicy, OriginPolicy, RateLimits, Services, attach
from server.api.devices import Devices
from server.auth import TokenAuth
from server.cluster.memory import MemoryBus
from server.courses.folder import Courses
from server.knowledge.ports import KnowledgeStore
from server.knowledge.service import KnowledgeBases
from server.learning.classes import HeardClasses
from server.learning.memories import Memories
from server.learning.mistakes import Mistakes
from server.learning.ports import MemoryStore, MistakeStore, WordStore
from server.learning.words import Words
from server.metrics import Metrics
from server.moderation.service import Moderation
from server.notices.ports import NoticeStore
from server.notices.service import Notices
from server.people.ports import BlockStore
from server.progress.awards import Awards
from server.progress.ports import AchievementStore, WeekStore
from server.progress.service import Progress
from server.protocol.base import Outbound
from server.protocol.moderation import PrivacyFacts
from server.push.ports import PushStore
from server.rooms.model import User
from server.rooms.ports import CleanText, RoomsSettings, UserStore, as_it_is
from server.rooms.service import RoomsService
from server.schedule.ports import ScheduleStore
from server.sessions import SESSION_ENDED_TOPIC, BanGate, Sessions, SessionStore
from server.storage import AudioFiles
from server.tutor.ports import ConversationStore
from server.tutor.service import Stores, TutorService
from server.wiring.accounts import accounts_of
from server.wiring.schedule import ScheduleParts, schedule_of
from tests.fakes.accounts import FakeAccounts, FakeOneTime, NoExports
from tests.fakes.classes import FakeClassStore
from tests.fakes.conversations import FakeConversations
from tests.fakes.knowledge import NoKnowledge
from tests.fakes.media import FakeMedia
from tests.fakes.memory import NoMemories, NoWords
from tests.fakes.mistakes import NoMistakes
from tests.fakes.moderation import FakeSanctions, no_moderation
from tests.fakes.notices import FakePages, NoNotices
from tests.fakes.people import no_people
from tests.fakes.progress import NoProgress
from tests.fakes.push import fake_push
from tests.fakes.rooms_world import FakeEventSink, FakeLobbySink, RoomsCore
from tests.fakes.schedule import NoEvents
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
    accounts: FakeAccounts
    notices: Notices
    pages: FakePages
    heard: FakeClassStore
    schedule: ScheduleParts
    sanctions: FakeSanctions

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

    async def keep(self, token: str) -> str:
        """Give the profile of the token a way to sign in again. Returns the id of its user."""
        me = str((await self.ask("GET", "/api/users/me", token)).json["id"])
        await self.accounts.add_identity(Identity(f"i-{me}", me, "email", f"{me}@example.org", "", 0.0), 9)
        return me

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
    knowledge: KnowledgeStore | None = None,
    courses: Courses | None = None,
    conversations: ConversationStore | None = None,
    notices: NoticeStore | None = None,
    push: PushStore | None = None,
    sessions: SessionStore | None = None,
    events: ScheduleStore | None = None,
    blocks: BlockStore | None = None,
    achievements: AchievementStore | None = None,
    weeks: WeekStore | None = None,
    limits: RateLimits | None = None,
    origins: OriginPolicy | None = None,
    hosts: HostPolicy | None = None,
    trusted_proxies: int = 0,
    is_proxied: bool = False,
    metrics_token: str = "",
    rooms_per_user: int = 3,
    public_url: str = "",
    clean_text: CleanText = as_it_is,
    moderation: Moderation | None = None,
    gate: BanGate | None = None,
) -> AsyncIterator[Api]:
    """`store` None: users are kept in memory. `mistakes`, `words`, `memory` and `knowledge` None:
    nobody has any.
    `conversations` None: they are in memory. No rate limits by default."""
    users = FakeUserStore()
    clock = [1_800_000_000.0]
    changed: list[User] = []
    core = RoomsCore(
        FakeRoomStore(users),
        FakeMedia(),
        FakeEventSink(),
        lobby_sink := FakeLobbySink(),
        lambda: clock[0],
        lambda: clock[0],
        settings=RoomsSettings(max_rooms_per_user=rooms_per_user, max_rooms=100_000),
    )
    bus, ended = MemoryBus(), list[object]()
    bus.subscribe(SESSION_ENDED_TOPIC, lambda payload: ended.append(payload["user_id"]))
    kept_sessions = sessions or FakeSessionStore()
    signed_in = Sessions(TokenAuth(SECRET, TTL_S), kept_sessions, store or users, bus, lambda: clock[0], gate)
    accounts = FakeAccounts(kept_sessions)
    pictures = FakeAvatarStore()
    avatars = Avatars(pictures)
    health = Health("node1", _answers)
    people = store or users
    own = Mistakes(mistakes or NoMistakes(), people, lambda: clock[0])
    listed = Words(words or NoWords(), people, lambda: clock[0])
    bases = KnowledgeBases(knowledge or NoKnowledge(), None, lambda: clock[0])
    pages = FakePages()
    told = Notices(notices or NoNotices(), core.bus, pages, [], lambda: clock[0])
    granted, closed = achievements or NoProgress(), weeks or NoProgress()
    awards = Awards(granted, people, told, lambda: clock[0])
    devices = fake_push(lambda: clock[0], push)
    memories = Memories(memory or NoMemories(), own, listed, lambda: clock[0])
    talks = FakeConversations()
    heard = FakeClassStore()
    stores = Stores(conversations or talks, talks, AudioFiles(folder / "audio"), people, memories, heard)
    talks.consents = lambda user_id: user_id in users.users and users.users[user_id].keep_audio
    tutor_service = TutorService(
        core.tutor_events, _NoWorkers(), stores, CollectorRegistry(), lambda: clock[0]
    )
    rooms = core.service(store or users, tutor_service.dispatcher)
    tutor_service.start()
    sanctions = FakeSanctions()
    moderation = moderation or no_moderation(people, lambda: clock[0], sanctions)
    planned = schedule_of(
        public_url,
        events or NoEvents(),
        rooms.events,
        told,
        core.bus,
        lobby_sink,
        is_guest=accounts.is_guest,
        run_shared=_run,
        clock=lambda: clock[0],
        require_words=moderation.standings.require_words,
    )
    services = Services(
        users=store or users,
        rooms=rooms.directory,
        page_closed=rooms.membership.page_closed,
        user_changed=changed.append,
        user_deleted=lambda _user_id: None,
        count_online=rooms.online.count,
        tutor_languages=tutor_service.dispatcher.jobs.languages,
        devices=Devices(SECRET, trusted_proxies),
        sessions=signed_in,
        accounts=accounts_of(public_url, accounts, FakeOneTime(), NoExports(), lambda: clock[0]),
        avatars=avatars,
        health=health,
        metrics=Metrics(),
        limits=limits or RateLimits(0),
        clean_text=clean_text,
        clock=lambda: clock[0],
        trusted_proxies=trusted_proxies,
        is_proxied=is_proxied,
        metrics_token=metrics_token,
        tutoring=rooms.tutor,
        conversations=tutor_service.conversations,
        mistakes=own,
        words=listed,
        memories=memories,
        knowledge=bases,
        courses=courses or Courses(None, time.monotonic),
        notices=told,
        push=devices,
        people=no_people(people, core, blocks),
        progress=Progress(granted, closed, people, awards, lambda: clock[0]),
        heard_classes=HeardClasses(heard),
        privacy=PrivacyFacts(contact="", guest_days=180, audio_days=90, report_days=180, decision_days=365),
        moderation=moderation,
        schedule=planned.schedule,
        agent_token=AGENT_TOKEN,
    )
    app = web.Application()
    policy = hosts or HostPolicy(answers_all=True)
    attach(app, services, origins or OriginPolicy(), folder / "web", public_url, hosts=policy)
    try:
        server = TestServer(app)
        await server.start_server(auto_decompress=False)  # as `server.app.http_runner`
        async with TestClient(server) as client:
            yield Api(
                client,
                ended,
                signed_in,
                users,
                rooms,
                health,
                clock,
                changed,
                tutor_service,
                talks,
                pictures,
                core.bus,
                accounts,
                told,
                pages,
                heard,
                planned,
                sanctions,
            )
    finally:
        await tutor_service.aclose()
        await rooms.aclose()
        await avatars.aclose()
        await bases.aclose()


async def _answers() -> None:
    pass


async def _run(_name: str, _every_s: float, work: Callable[[], Awaitable[None]]) -> None:
    await work()


class _NoWorkers:
    def send(self, worker_id: str, event: str, message: Outbound) -> None:
        pass

    def cut(self, worker_id: str) -> None:
        pass

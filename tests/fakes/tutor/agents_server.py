"""A server that has only `/agents`: for tests of the worker against jobs of the test's own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import socketio
from aiohttp import web

from server.protocol.agents import AGENT_EVENTS, ListedServer, Registered, ServersChanged
from server.protocol.base import Outbound

TOKEN = "service-token"


class AgentsServer:
    """`async with AgentsServer() as agents_server`. `received`: the messages of workers, as (sid, event,
    members).

    Messages are validated as by the real server; an invalid one fails the test. `refuses`: names of events
    that are answered with an error. While `may_answer` is clear, no message is answered. `name`: of one of
    several servers, which names those of `listed` to workers; alone it is a server of an earlier version.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.listed: list[ListedServer] = []
        self.url = ""
        self.workers: list[str] = []
        self.received: list[tuple[str, str, dict[str, Any]]] = []
        self.received_at_ns: list[int] = []
        self.uploads: dict[str, bytes] = {}
        self.refuses: set[str] = set()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.token = TOKEN
        self._news = asyncio.Condition()
        self._socket = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[])
        self._runner: web.AppRunner | None = None
        self._socket.on("connect", self._connect, namespace="/agents")
        self._socket.on("disconnect", self._disconnect, namespace="/agents")
        for event in AGENT_EVENTS:
            self._socket.on(event, self._taker(event), namespace="/agents")

    async def __aenter__(self) -> AgentsServer:
        app = web.Application(client_max_size=1 << 24)
        app.router.add_put("/api/agents/audio/{id}", self._upload)
        self._socket.attach(app)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        self.may_answer.set()
        await self._socket.shutdown()
        await self._runner.cleanup()

    async def send(self, worker: str, event: str, message: Outbound) -> None:
        await self._socket.emit(event, message.wire(), namespace="/agents", to=worker)

    async def drop(self, worker: str) -> None:
        await self._socket.disconnect(worker, namespace="/agents")

    async def worker(self, within_s: float = 15) -> str:
        """Wait for a worker to register; returns its sid."""
        await self.wait_for("register", within_s=within_s)
        return self.workers[-1]

    async def wait_for(
        self, event: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True, *, within_s: float = 15
    ) -> dict[str, Any]:
        """The first message of that name that fits, received already or in future."""

        def find() -> dict[str, Any] | None:
            return next((data for _, name, data in self.received if name == event and fits(data)), None)

        async with asyncio.timeout(within_s), self._news:
            await self._news.wait_for(lambda: find() is not None)
        found = find()
        assert found is not None
        return found

    async def uploaded(self, message_id: str, within_s: float = 15) -> bytes:
        async with asyncio.timeout(within_s), self._news:
            await self._news.wait_for(lambda: message_id in self.uploads)
        return self.uploads[message_id]

    def count(self, event: str) -> int:
        return sum(name == event for _, name, _ in self.received)

    async def _connect(self, sid: str, _environ: Any, auth: Any) -> None:
        if not isinstance(auth, dict) or auth.get("token") != self.token:
            raise socketio.exceptions.ConnectionRefusedError("unauthenticated")
        self.workers.append(sid)

    async def _disconnect(self, sid: str, *_: object) -> None:
        self.workers.remove(sid)

    def _taker(self, event: str) -> Callable[[str, Any], Any]:
        async def take(sid: str, data: Any) -> dict[str, Any]:
            AGENT_EVENTS[event].payload.model_validate(data)
            async with self._news:
                self.received.append((sid, event, data))
                self.received_at_ns.append(time.time_ns())
                self._news.notify_all()
            await self.may_answer.wait()
            if event in self.refuses:
                return {"error": {"code": "job_not_found", "detail": "", "status": 404, "retryable": False}}
            if event == "register":
                return Registered(name=self.name, servers=self.listed, takes_places=bool(self.listed)).wire()
            return {"ok": True}

        return take

    async def list_servers(self, *servers: AgentsServer) -> None:
        """Tell workers of these, now and when they register."""
        self.listed = [
            ListedServer(name=server.name, url=f"/n/{server.name}", internal_url=server.url)
            for server in servers
        ]
        for worker in self.workers:
            await self.send(worker, "servers", ServersChanged(servers=self.listed))

    async def _upload(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        body = await request.read()
        async with self._news:
            self.uploads[request.match_info["id"]] = body
            self._news.notify_all()
        return web.Response(status=204)

"""One server process: its start, its end, and its listening sockets."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from ipaddress import IPv4Address, IPv6Address
from typing import TypeVar

from aiohttp import web

from server.api.avatars.uploads import UPLOADED
from server.cluster.member import Member
from server.common.files import make_private
from server.common.process import file_limit
from server.common.settings import DOTENV, SettingError, read_dotenv
from server.config import Config
from server.courses.reading import CourseError
from server.errors import StartupError, Unavailable
from server.http.limits import descriptor_limits
from server.http.listener import HttpListener
from server.tutor.supervisor import WORKER_VARIABLES, Supervisor
from server.wiring import Components, assemble

T = TypeVar("T")
_PRIVATE = ("parlor.db*", "secret", "agent-token", "audio", "audio/**/*", "avatars", "avatars/*")
"""Files and folders of the data folder. Earlier versions let others read some of it."""
STOP_WITHIN_S = 7.5
"""Below `process.END_WITHIN_S`, when the process is ended."""
MOVE_WITHIN_S = 60.0
"""Before that, for a server that shares its rooms: several hundred people connect to other servers."""
_LAST_S = 0.1
"""For each part after that."""
_log = logging.getLogger(__name__)


class Parlor:
    """One server process. Call `start`, then `aclose`. `url` is the address of the page. `node_id`: as in
    `assemble`."""

    def __init__(self, config: Config, node_id: str = "") -> None:
        self._config = config
        self._node_id = node_id
        self._stack = AsyncExitStack()
        self._stop_by: float | None = None
        self.url = ""

    async def start(self) -> None:
        """Raises StartupError after closing what had been started."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise

    async def aclose(self) -> None:
        """Notify clients, close connections, and keep the seats stored for the next start. Idempotent.

        Takes up to STOP_WITHIN_S after other servers have taken the rooms, which takes up to MOVE_WITHIN_S.
        A part that needs longer is cancelled and logged, and the others get what is left.
        """
        await self._stack.aclose()

    def _at_end(self, name: str, close: Callable[[], Awaitable[object]]) -> None:
        """Parts are closed in the reverse order."""
        self._stack.push_async_callback(self._close, name, close)

    async def _close(self, name: str, close: Callable[[], Awaitable[object]]) -> None:
        now = asyncio.get_running_loop().time()
        if self._stop_by is None:
            self._stop_by = now + STOP_WITHIN_S
        try:
            async with asyncio.timeout_at(max(self._stop_by, now + _LAST_S)):
                await close()
        except TimeoutError:
            _log.error("%s did not stop in time", name)

    async def _start(self) -> None:
        config = self._config
        await _started(
            asyncio.to_thread(make_private, config.data_dir, *_PRIVATE), "PARLOR_DATA_DIR cannot be used"
        )
        components = assemble(config, self._node_id)
        self._at_end("database", components.database.aclose)
        self._at_end("readiness", components.readiness.aclose)
        self._at_end("avatars", components.avatars.aclose)
        self._at_end("e-mails", components.accounts.aclose)
        self._at_end("knowledge bases", components.knowledge.aclose)
        self._at_end("people", components.people.aclose)
        await _read_courses(components)
        await components.database.start()
        if components.cluster is not None:
            self._at_end("cluster", components.cluster.aclose)
            await components.cluster.start()
        await _started(
            components.avatar_store.take_over(config.data_dir / "avatars", UPLOADED),
            "uploaded pictures cannot be copied into the database",
        )
        self._at_end("lease", components.lease.aclose)
        await _started(components.start_lease(), "PARLOR_DATA_DIR cannot be used")
        await _started(
            components.sfu.start(components.rooms.media_events),
            f"media cannot use its ports (PARLOR_UDP_PORT={config.udp_port}, PARLOR_TCP_PORT)",
        )
        self._at_end("sfu", components.sfu.aclose)
        components.tutor_service.start()
        self._at_end("tutor service", components.tutor_service.aclose)
        await _started(components.rooms.start(), "the database cannot be used")
        self._at_end("rooms", components.rooms.aclose)
        await components.signalling.start()
        self._at_end("signalling", components.signalling.aclose)
        components.people.start()
        components.telemetry.start()
        self._at_end("telemetry", components.telemetry.aclose)
        components.knowledge.start()
        components.guests.start()
        self._at_end("guests", components.guests.aclose)
        components.log_emptying.start()
        self._at_end("log of the database", components.log_emptying.aclose)
        components.moderation.start()
        self._at_end("moderation", components.moderation.aclose)
        await _started(components.notices.start(), "the database cannot be used")
        self._at_end("notices", components.notices.aclose)
        components.progress.start()
        self._at_end("progress", components.progress.aclose)
        components.schedule.start()
        self._at_end("schedule", components.schedule.aclose)
        port = await self._listen(components)
        self.url = config.public_url or _local_url(config, port)
        if components.cluster is not None:
            await _started(_announce(config, components, port), "the database cannot be used")
        components.health.status = "ok"
        if components.cluster is not None:
            self._stack.push_async_callback(_hand_over, components.cluster)
        self._stack.callback(_drain, components)
        _log.info(
            "started",
            extra={
                "node": components.health.node_id,
                "http_port": port,
                "udp_port": components.sfu.udp_port,
                "file_limit": file_limit(),
            },
        )

    async def _listen(self, components: Components) -> int:
        config = self._config
        runner = web.AppRunner(components.application, shutdown_timeout=2.0)
        await runner.setup()
        self._at_end("HTTP", runner.cleanup)
        try:
            port = await self._accept(runner, config.host, config.port, _tls(config))
        except OSError as error:
            raise StartupError(_http_failure(config, error)) from error
        if config.agents:
            url = await _started(self._url_for_workers(runner, port), "HTTP cannot serve tutor workers")
            supervisor = _supervisor(config, url, components.agent_token)
            supervisor.start()
            self._at_end("tutor workers", supervisor.aclose)
        return port

    async def _accept(
        self, runner: web.AppRunner, host: str, port: int, tls: ssl.SSLContext | None = None
    ) -> int:
        """Returns the port. Raises OSError."""
        limits = descriptor_limits(self._config.http_limits, file_limit())
        listener = HttpListener(runner, limits, tls)
        self._at_end("HTTP listener", listener.aclose)
        await listener.start(host, port)
        return listener.port

    async def _url_for_workers(self, runner: web.AppRunner, port: int) -> str:
        """Plain HTTP on loopback, on a separate port if the page is served with TLS or at another address."""
        config = self._config
        if config.tls_cert is None and (config.on_loopback or _is_wildcard(config.host)):
            return f"http://{'[::1]' if ':' in config.host else '127.0.0.1'}:{port}"
        return f"http://127.0.0.1:{await self._accept(runner, '127.0.0.1', 0)}"


async def _read_courses(components: Components) -> None:
    """Raises StartupError."""
    try:
        await components.courses.start()
    except (CourseError, OSError) as error:
        raise StartupError(f"PARLOR_COURSES_DIR: {error}") from error


async def _announce(config: Config, components: Components, port: int) -> None:
    """Tell the other servers how to reach this one. Raises Unavailable."""
    cluster = components.cluster
    if cluster is not None:
        await cluster.announce(config.internal_url.rstrip("/") or _local_url(config, port))
        await components.lease.announce(cluster.url, cluster.internal_url)


def _http_failure(config: Config, error: OSError) -> str:
    if error.errno in (errno.EADDRINUSE, errno.EACCES):
        return f"HTTP cannot use port {config.port} (PARLOR_PORT): {error}"
    return f"HTTP cannot listen at the address {config.host!r} (PARLOR_HOST): {error}"


def _drain(components: Components) -> None:
    components.health.status = "draining"
    components.rooms.drain(hands_over=components.cluster is not None)


async def _hand_over(cluster: Member) -> None:
    try:
        async with asyncio.timeout(MOVE_WITHIN_S):
            await cluster.hand_over()
    except TimeoutError:
        _log.error("not all rooms were handed over in time")


async def _started(step: Awaitable[T], failure: str) -> T:
    try:
        return await step
    except (OSError, Unavailable) as error:
        cause = str(error.__cause__ or error).partition("\n")[0]
        raise StartupError(f"{failure}: {cause}") from error


def _supervisor(config: Config, url: str, token: str) -> Supervisor:
    is_console = config.log_format == "console" or (config.log_format == "auto" and sys.stderr.isatty())
    ours = {
        "PARLOR_TUTOR_LOG_LEVEL": config.log_level,
        "PARLOR_TUTOR_LOG_FORMAT": "console" if is_console else "json",
        "PARLOR_TUTOR_INSPECTABLE": str(config.inspectable),
    }
    # The workers do not read the file: the server's secrets may be in it.
    given = {**ours, **_of_workers(read_dotenv(DOTENV))}
    own = {name: value for name, value in given.items() if name not in os.environ}
    return Supervisor(config.agents, {**own, "PARLOR_TUTOR_SERVER_URL": url, "PARLOR_TUTOR_TOKEN": token})


def _of_workers(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the settings that workers read. Raises SettingError for one without a value."""
    found = {name: value for name, value in variables.items() if name.upper().startswith(WORKER_VARIABLES)}
    for name, value in found.items():
        if value is None:
            raise SettingError(f"{name}: has no value; write {name}=VALUE")
    return {name: value for name, value in found.items() if value}


def _tls(config: Config) -> ssl.SSLContext | None:
    if config.tls_cert is None or config.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(config.tls_cert, config.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise StartupError(f"PARLOR_TLS_CERT and PARLOR_TLS_KEY cannot be used: {error}") from error
    return context


def _local_url(config: Config, port: int) -> str:
    scheme = "https" if config.tls_cert else "http"
    host = "localhost" if config.on_loopback or _is_wildcard(config.host) else config.host
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _is_wildcard(host: str) -> bool:
    return host in ("", str(IPv4Address(0)), str(IPv6Address(0)))

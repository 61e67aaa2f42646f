"""A real server with two honest people on it, and attacks that must not harm them."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Set
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import psutil

from tests.attack.stretch import Stretch, certain_harm, delay_harm
from tests.attack.target import Attack, Facts, Target
from tests.fakes.scale import scaled
from tests.fakes.server_process import ROOT, ServerProcess

CALM_S = scaled(2, 5, "attack")
ATTACK_S = float(scaled(3, 15, "attack"))
ATTEMPTS = 3
"""Of a stretch whose delay is too long: other processes of this machine may be the cause. A lost packet is
never tried again."""

T = TypeVar("T")


class Arena:
    """`facts = await arena.unharmed_by(attack, option=value)` for an attack of `tests/attack/attacks`, which
    runs in a process of its own; `await arena.assert_unharmed(work)` for anything else."""

    def __init__(self, server: ServerProcess, honest: Honest) -> None:
        self.server = server
        self._honest = honest
        self._attackers = 0
        self._seen = 0

    def worker(self, other_than: Set[int] = frozenset()) -> psutil.Process | None:
        """The tutor's worker, if there is one with another process id than these."""
        for child in self.server.process.children():
            if child.pid not in other_than and "ai_agent" in child.cmdline():
                return child
        return None

    def begin(self) -> None:
        """Forget the log so far."""
        self._seen = len(self.server.lines)

    def lines(self) -> list[str]:
        """Of the server's log, since `begin`."""
        return list(self.server.lines)[self._seen :]

    def complaints(self) -> list[str]:
        """Lines since `begin` that no test expects."""
        unexpected = set(self.server.complaints())
        return [line for line in self.lines() if line in unexpected]

    async def unharmed_by(
        self, attack: Attack, *, seconds: float = ATTACK_S, url: str = "", **options: Any
    ) -> Facts:
        """Return what the attack's last attempt saw. Raises AssertionError if the honest people were
        harmed."""
        return await self.assert_unharmed(lambda: self.attack(attack, seconds=seconds, url=url, **options))

    async def assert_unharmed(self, work: Callable[[], Awaitable[T]], *, attempts: int = ATTEMPTS) -> T:
        """The result of `work`, during which no packet of the honest people is lost, no request of theirs
        fails, and neither packets nor answers are late compared with the calm seconds before."""
        harm: list[str] = []
        for _ in range(attempts):
            await self._honest.stretch()
            await asyncio.sleep(CALM_S)
            calm = await self._honest.stretch()
            found, _ = await asyncio.gather(work(), asyncio.sleep(CALM_S))
            attacked = await self._honest.stretch()
            print(f"calm:     {calm.summary()}\nattacked: {attacked.summary()}")
            assert not certain_harm(attacked), self._report(certain_harm(attacked))
            harm = delay_harm(calm, attacked)
            if not harm:
                return found
        raise AssertionError(self._report(harm))

    async def attack(
        self, attack: Attack, *, seconds: float = ATTACK_S, url: str = "", **options: Any
    ) -> Facts:
        """Run an attack without judging it. `url`: of a proxy to attack. Each run comes from an
        address of its own, so that limits by address do not weaken the second."""
        self._attackers += 1
        at = url or self.server.url
        source = "::1" if "[::1]" in at else f"127.66.0.{self._attackers}"
        target = Target(at, self.server.udp_port, source, seconds, options)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.attack.target",
            attack.__module__,
            attack.__name__,
            json.dumps(asdict(target)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
        )
        try:
            output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, f"{attack.__name__} ended with {process.returncode}"
        facts: Facts = json.loads(output)
        print(f"{attack.__name__}: {facts}")
        return facts

    def _report(self, harm: list[str]) -> str:
        return "\n".join([*harm, "the server's last lines:", *list(self.server.lines)[-20:]])


class Honest:
    """The process of the two honest people."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._stdin, self._stdout = process, process.stdin, process.stdout

    async def ready(self) -> None:
        await self._read()

    async def stretch(self) -> Stretch:
        """Return what they noticed since the last call."""
        self._stdin.write(b"\n")
        await self._stdin.drain()
        return Stretch(**await self._read())

    async def aclose(self) -> None:
        self._stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 10)
        finally:
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()

    async def _read(self) -> dict[str, Any]:
        line = await asyncio.wait_for(self._stdout.readline(), 60)
        assert line, f"the honest people's process ended with {await self._process.wait()}"
        answer: dict[str, Any] = json.loads(line)
        return answer


@asynccontextmanager
async def open_arena(
    data_dir: Path,
    settings: Mapping[str, str] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Arena]:
    """The server has the limits of rate that people's servers have. `environment`: more variables of it."""
    async with (
        ServerProcess(data_dir, {"RATE_LIMIT": "1", **(settings or {})}, keys=environment) as server,
        _honest_people(server.url) as honest,
    ):
        yield Arena(server, honest)


@asynccontextmanager
async def _honest_people(url: str) -> AsyncIterator[Honest]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.attack.honest",
        url,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    honest = Honest(process)
    try:
        await honest.ready()
        yield honest
    finally:
        await honest.aclose()

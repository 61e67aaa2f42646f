"""Fixtures of the browser tests. They share one event loop, so that browsers outlive a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from ai_agent.providers.local.scripted import ScriptedLlm
from tests.e2e.browsers import BrowserPool
from tests.fakes.classes import FakeCourses
from tests.fakes.server_process import ServerProcess
from tests.fakes.tutor.light_worker import ThreadChecker, light_worker
from tests.fakes.tutor.timed_engines import Latencies, timed_engines
from tests.fakes.wav import beeps_wav, tone_wav

session = {"scope": "session", "loop_scope": "session"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.timeout(180))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium_pool() -> AsyncIterator[BrowserPool]:
    async with async_playwright() as playwright:
        pool = BrowserPool(playwright)
        yield pool
        await pool.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def browsers(chromium_pool: BrowserPool) -> AsyncIterator[BrowserPool]:
    """The browsers in which tests open pages. Contexts are closed after each test."""
    yield chromium_pool
    await chromium_pool.close_contexts()


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """tone(hz): a WAV file with a tone, for a fake microphone."""
    folder = tmp_path_factory.mktemp("microphones")
    made: dict[int, Path] = {}

    def make(hz: int) -> Path:
        if hz not in made:
            made[hz] = tone_wav(folder / f"{hz}.wav", hz)
        return made[hz]

    return make


@pytest.fixture(scope="session")
def beeps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return beeps_wav(tmp_path_factory.mktemp("microphones") / "beeps.wav")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServerProcess]:
    async with ServerProcess(tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def parlor(shared_server: ServerProcess) -> AsyncIterator[ServerProcess]:
    """A running server that must not log a traceback during the test."""
    seen = len(shared_server.lines)
    yield shared_server
    assert [line for line in list(shared_server.lines)[seen:] if "Traceback" in line] == []


@pytest_asyncio.fixture(loop_scope="session")
async def own_server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server for one test, which may kill and restart it."""
    async with ServerProcess(tmp_path / "data") as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tutored(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServerProcess]:
    """A server with one tutor worker and no vendor keys."""
    async with ServerProcess(tmp_path_factory.mktemp("tutored"), {"AGENTS": "1"}) as server:
        yield server
        assert [line for line in server.lines if "Traceback" in line] == []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lightly_tutored(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServerProcess]:
    """A server with the scripted tutor and its corrector, whose voice and hearing take no CPU: people type,
    or their browsers recognize what they say."""
    llm = ScriptedLlm(ThreadChecker())
    await llm.warm_up()
    engines = replace(timed_engines(Latencies()), llm=llm)
    token = "the-token-that-workers-show-in-this-test"
    async with (
        ServerProcess(tmp_path_factory.mktemp("lightly-tutored"), {"AGENT_TOKEN": token}) as server,
        light_worker(server.url, token, engines, FakeCourses()),
    ):
        yield server
        assert [line for line in server.lines if "Traceback" in line] == []

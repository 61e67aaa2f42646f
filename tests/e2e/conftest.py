"""Fixtures of the browser tests. All of them share one event loop, so that browsers outlive a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from tests.e2e.browsers import Chromiums
from tests.fakes.server_process import ServerProcess
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
async def chromiums() -> AsyncIterator[Chromiums]:
    async with async_playwright() as playwright:
        browsers = Chromiums(playwright)
        yield browsers
        await browsers.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def people(chromiums: Chromiums) -> AsyncIterator[Chromiums]:
    """Where tests get their pages from; each test starts with nobody."""
    yield chromiums
    await chromiums.forget_people()


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """tone(hz): a microphone that hums."""
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
    """A running server; whatever a test does, it must not have complained."""
    seen = len(shared_server.lines)
    yield shared_server
    assert [line for line in list(shared_server.lines)[seen:] if "Traceback" in line] == []


@pytest_asyncio.fixture(loop_scope="session")
async def own_server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server of the test's own, to kill and restart."""
    async with ServerProcess(tmp_path / "data") as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tutored(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServerProcess]:
    """A server with one worker and no key of anybody's."""
    async with ServerProcess(tmp_path_factory.mktemp("tutored"), {"AGENTS": "1"}) as server:
        yield server
        assert [line for line in server.lines if "Traceback" in line] == []

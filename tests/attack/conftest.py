"""The arenas. All tests share one event loop, so that the server and the honest people outlive a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.attack.arena import Arena, open_arena


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.timeout(300))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Arena]:
    async with open_arena(tmp_path_factory.mktemp("data")) as arena:
        yield arena


@pytest_asyncio.fixture(loop_scope="session")
async def arena(shared_arena: Arena) -> AsyncIterator[Arena]:
    """A server with the default settings, which must log no error during the test."""
    shared_arena.begin()
    yield shared_arena
    assert shared_arena.complaints() == []


@pytest.fixture
def settings() -> dict[str, str]:
    """Of the server of `own_arena`: a test module overrides it."""
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def own_arena(tmp_path: Path, settings: dict[str, str]) -> AsyncIterator[Arena]:
    """A server for one test, with other settings, or to be harmed. The test checks `complaints()` itself."""
    async with open_arena(tmp_path / "data", settings) as arena:
        yield arena

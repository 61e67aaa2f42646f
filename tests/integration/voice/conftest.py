"""One server and one worker for all tests of the package; each test has engines and sessions of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.voice import VoiceEngines, VoiceScene, voice_scene


@pytest_asyncio.fixture(loop_scope="package", scope="package")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VoiceScene]:
    async with voice_scene(tmp_path_factory.mktemp("voice")) as scene:
        yield scene


@pytest_asyncio.fixture(loop_scope="package")
async def scene(shared: VoiceScene) -> VoiceScene:
    """The worker stands still while tests of other packages run, and may have lost its server."""
    await shared.until_registered()
    shared.engines.become(VoiceEngines())
    return shared

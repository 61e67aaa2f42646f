"""These tests create network namespaces: they need root and run only in `make test-net`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.server_process import ServerProcess
from tests.net.netns import SERVER_IP, Network


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.net)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture
def network() -> Iterator[Network]:
    if os.geteuid() != 0:
        pytest.fail("network namespaces need root: sudo make test-net")
    with Network() as network:
        yield network


@pytest.fixture
async def server(network: Network, tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server at SERVER_IP in its own namespace, reachable from `network.client()`."""
    settings = {
        "HOST": SERVER_IP,
        "PUBLIC_URL": f"http://{SERVER_IP}:8080",
        "PORT": "8080",
        "UDP_PORT": "7882",
        "ADVERTISED_IPS": SERVER_IP,
    }
    async with ServerProcess(tmp_path / "data", settings, wrap=network.server_command) as server:
        yield server

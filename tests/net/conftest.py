"""Tests here make network namespaces: root only, and only in `make test-net`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.net.netns import Network


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

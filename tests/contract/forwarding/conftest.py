"""Each test here runs against every backend of the data plane."""

from __future__ import annotations

import pytest

from server.sfu.data_plane import Backend
from tests.contract.forwarding.backends import BACKENDS
from tests.fakes.srtp_clients import Room


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.__name__)
def backend(request: pytest.FixtureRequest) -> Backend:
    found: Backend = request.param
    return found


@pytest.fixture
def room(backend: Backend) -> Room:
    return Room(backend)

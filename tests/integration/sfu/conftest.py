"""Each test with a `Rig` runs on every backend of the data plane."""

from __future__ import annotations

import pytest

from server.sfu.data_plane import Backend
from tests.contract.forwarding.backends import BACKENDS
from tests.integration.sfu.rig import Rig


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.__name__, autouse=True)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Backend:
    backend: Backend = request.param
    monkeypatch.setattr(Rig, "backend", backend)
    return backend

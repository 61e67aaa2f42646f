"""Each test with a `Rig` runs on every body of the per-packet path."""

from __future__ import annotations

import pytest

from server.sfu.media_port import MakeLoop
from tests.contract.forwarding.bodies import BODIES
from tests.integration.sfu.rig import Rig


@pytest.fixture(params=BODIES, ids=lambda body: body.__name__, autouse=True)
def make_loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> MakeLoop:
    body: MakeLoop = request.param
    monkeypatch.setattr(Rig, "make_loop", body)
    return body

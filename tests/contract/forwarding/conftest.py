"""Each test here runs against every body of the per-packet path."""

from __future__ import annotations

import pytest

from tests.contract.forwarding.bodies import BODIES
from tests.fakes.srtp_clients import Body, Room


@pytest.fixture(params=BODIES, ids=lambda body: body.__name__)
def body(request: pytest.FixtureRequest) -> Body:
    found: Body = request.param
    return found


@pytest.fixture
def room(body: Body) -> Room:
    return Room(body)

"""Sessions of one user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.auth import TokenAuth
from server.cluster.memory import MemoryBus
from server.sessions import SESSION_ENDED_TOPIC, Sessions
from tests.fakes.stores import FakeSessionStore, FakeUserStore


class _Full(FakeSessionStore):
    """A user with as many sessions as one may have."""

    async def add_session(
        self, session_digest: str, user_id: str, now: float, device: str = "", device_digest: str = ""
    ) -> Sequence[str]:
        await super().add_session(session_digest, user_id, now, device, device_digest)
        return ["used long ago"]


async def test_a_sign_in_that_ends_another_session_ends_its_connections() -> None:
    bus, ended = MemoryBus(), list[Mapping[str, object]]()
    bus.subscribe(SESSION_ENDED_TOPIC, ended.append)
    sessions = Sessions(TokenAuth("k" * 40, 100), _Full(), FakeUserStore(), bus, lambda: 1.0)
    await sessions.open("ann")
    assert ended == [{"user_id": "ann", "session_digest": "used long ago"}]

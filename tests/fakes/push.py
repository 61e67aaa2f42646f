"""Web Push without a network: a store that keeps nothing, and services that note what they get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from server.push.endpoints import EndpointRules
from server.push.model import PushMessage, Subscription, Target
from server.push.ports import Answer, PushStore
from server.push.service import Push


class NoDevices:
    """A PushStore that keeps nothing."""

    async def subscribe(self, subscription: Subscription, most: int) -> None:
        pass

    async def unsubscribe(self, session_digest: str) -> None:
        pass

    async def delete(self, subscription_id: str) -> None:
        pass

    async def sessions_of(self, user_id: str) -> Sequence[str]:
        return []

    async def take_due(self, now: float, limit: int) -> Sequence[PushMessage]:
        return []

    async def put_back(self, message: PushMessage, due_at: float) -> None:
        pass


@dataclass
class FakeServices:
    """The PushServices port. `answers`: the next ones, else 201."""

    sent: list[Target] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    async def send(self, target: Target, body: bytes, headers: dict[str, str]) -> Answer:
        self.sent.append(target)
        self.headers.append(headers)
        return self.answers.pop(0) if self.answers else Answer(201)

    async def aclose(self) -> None:
        pass


class KeptKey:
    """The StoredKey port, in memory."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get_or_put(self, name: str, value: str) -> str:
        return self.values.setdefault(name, value)


def fake_push(
    clock: Callable[[], float], store: PushStore | None = None, services: FakeServices | None = None
) -> Push:
    """To the known services, as it seems."""
    rules = EndpointRules.of(["known"])
    return Push(store or NoDevices(), KeptKey(), services or FakeServices(), rules, clock)

"""Interfaces by which the worker knows its jobs. They import little: the worker registers before it loads the
rest."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal, Protocol

from server.protocol import agents as wire
from server.protocol.base import Inbound

Reason = Literal["done", "failed", "refused", "full"]


@dataclass(frozen=True, slots=True)
class Result:
    reason: Reason
    detail: str = ""


class Outbox(Protocol):
    """The part of the AgentClient that a job needs."""

    @property
    def rooms_url(self) -> str:
        """Base of Socket.IO of the server that has the job's room."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether messages still reach the server."""
        ...

    def send(self, event: str, message: Inbound) -> None: ...

    def deliver(self, event: str, message: Inbound) -> Awaitable[bool]:
        """The result is whether the server has accepted the message."""
        ...


class Runner(Protocol):
    """`run` once; the other methods at any time."""

    async def run(self) -> Result: ...

    def change(self, changed: wire.JobChanged) -> None: ...

    def take_input(self, given: wire.PersonInput) -> None: ...

    def say_goodbye(self, *, for_others: bool) -> None: ...


class Voice(Protocol):
    """A voice session. `run` once; cancel it to end the session."""

    async def run(self) -> None: ...


class JobSource(Protocol):
    """Makes the runners of a worker's jobs."""

    @property
    def languages(self) -> frozenset[str]:
        """Languages in which there is a tutor; empty: any."""
        ...

    @property
    def is_loading(self) -> bool:
        """Whether a job would have to wait for engines that are being loaded."""
        ...

    async def runner(self, job: wire.Job, outbox: Outbox) -> Runner:
        """Waits until what this job needs is loaded."""
        ...

    async def voice(self, job: wire.VoiceJob, outbox: Outbox) -> Voice:
        """The same for a voice session."""
        ...

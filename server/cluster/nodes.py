"""The news that each server tells the others about itself with its beats."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Literal, Protocol

from server.cluster.signatures import derived_key, signed, verified

Status = Literal["starting", "ok", "draining"]


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """`id`: the name and a random part that is new at each start. `url`: base of Socket.IO for clients,
    absolute or a path of the page's origin. `internal_url`: for the other servers. `fingerprint`: of the
    secret. `load`: 1 is full."""

    id: str
    url: str
    internal_url: str
    fingerprint: str
    status: Status = "starting"
    load: float = 0.0

    @property
    def name(self) -> str:
        return name_of(self.id)

    def encoded(self, key: bytes) -> str:
        """Signed with the key, which is `entry_key`."""
        return signed(json.dumps(asdict(self), separators=(",", ":")), key)


@dataclass(frozen=True, slots=True)
class Seen:
    """A server and the age of its last beat, by Redis's clock."""

    info: NodeInfo
    age_s: float


class Link(Protocol):
    """Soft state that all servers see: `RedisLink`. `failure` says in one line why the last call failed."""

    failure: str

    async def beat(self, own: NodeInfo) -> list[Seen]:
        """Note that this server lives. Returns all servers of the last minute, this one too. Raises
        Unavailable."""
        ...

    async def leave(self, node_id: str) -> None:
        """This server ends: the others need not wait for its silence. Raises Unavailable."""
        ...

    async def aclose(self) -> None: ...


def name_of(node_id: str) -> str:
    return node_id.rpartition("-")[0]


def decoded(entry: str, key: bytes) -> tuple[NodeInfo, bool] | None:
    """The entry, and whether a server with this key wrote it. None for an entry that is not one of this
    application, or of a version that says less."""
    text, is_signed = verified(entry, key)
    try:
        given = json.loads(text)
        load = float(given.pop("load", 0.0))
        values = {field.name: given[field.name] for field in fields(NodeInfo) if field.name != "load"}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values.values()) or not math.isfinite(load):
        return None
    return NodeInfo(**values, load=load), is_signed


def entry_key(secret: str) -> bytes:
    """The key of the signatures of entries."""
    return derived_key(secret, "entries of servers")


def cluster_token(secret: str) -> str:
    """The token of requests between servers."""
    return derived_key(secret, "requests between servers").hex()


def fingerprint(secret: str) -> str:
    """Tells whether two servers have the same secret, and nothing else about it."""
    return derived_key(secret, "fingerprint").hex()[:16]


def conflict(own: NodeInfo, others: Iterable[NodeInfo]) -> str | None:
    """Why this server must not run beside these live ones; None if it may."""
    for other in others:
        if other.id != own.id and other.name == own.name:
            return f"another server has the name {own.name} (PARLOR_NODE_NAME)"
        if other.fingerprint != own.fingerprint:
            return f"the server {other.name} has another PARLOR_SECRET"
    return None

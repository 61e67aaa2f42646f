"""What each server tells the others about itself with its beats."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Literal, Protocol

_SIGNATURE_LENGTH = 64
Status = Literal["starting", "ok", "draining"]


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """`id`: the name and a random part that is new at each start. `url`: base of Socket.IO for clients,
    absolute or a path of the page's origin. `internal_url`: for the other servers. `fingerprint`: of the
    secret."""

    id: str
    url: str
    internal_url: str
    fingerprint: str
    status: Status = "starting"

    @property
    def name(self) -> str:
        return name_of(self.id)

    def encoded(self, key: bytes) -> str:
        """Signed with the key, which is `entry_key`."""
        text = json.dumps(asdict(self), separators=(",", ":"))
        return _signature(text, key) + text


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
    signature, text = entry[:_SIGNATURE_LENGTH], entry[_SIGNATURE_LENGTH:]
    try:
        given = json.loads(text)
        values = {field.name: given[field.name] for field in fields(NodeInfo)}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values.values()):
        return None
    is_signed = hmac.compare_digest(_bytes(signature), _bytes(_signature(text, key)))
    return NodeInfo(**values), is_signed


def entry_key(secret: str) -> bytes:
    """The key of the signatures of entries."""
    return hmac.digest(secret.encode(), b"entries of servers", "sha256")


def cluster_token(secret: str) -> str:
    """The token of requests between servers."""
    return hmac.digest(secret.encode(), b"requests between servers", "sha256").hex()


def fingerprint(secret: str) -> str:
    """Tells whether two servers have the same secret, and nothing else about it."""
    return hmac.digest(secret.encode(), b"fingerprint", hashlib.sha256).hex()[:16]


def _signature(text: str, key: bytes) -> str:
    return hmac.digest(key, _bytes(text), "sha256").hex()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def conflict(own: NodeInfo, others: Iterable[NodeInfo]) -> str | None:
    """Why this server must not run beside these live ones; None if it may."""
    for other in others:
        if other.id != own.id and other.name == own.name:
            return f"another server has the name {own.name} (PARLOR_NODE_NAME)"
        if other.fingerprint != own.fingerprint:
            return f"the server {other.name} has another PARLOR_SECRET"
    return None

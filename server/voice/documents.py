"""The knowledge base that a session's tutor answers from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from server.errors import KnowledgeBaseNotFound, Unavailable
from server.knowledge.model import KnowledgeBase
from server.protocol.agents import KnowledgeRef
from server.protocol.voice.base import TRY_LATER
from server.protocol.voice.tutor import DEFAULT_KB
from server.voice.admission import Refused


class Bases(Protocol):
    async def find(self, owner_id: str, base_id: str) -> KnowledgeBase: ...

    async def list_for(self, owner_id: str) -> Sequence[KnowledgeBase]: ...


async def base_of(bases: Bases, user_id: str, kb_id: str) -> KnowledgeRef | None:
    """The user's own base of that id; without an id that which they have named `default`, if any. Raises
    Refused."""
    try:
        if kb_id:
            base: KnowledgeBase | None = await bases.find(user_id, kb_id)
        else:
            mine = await bases.list_for(user_id)
            base = next((one for one in mine if one.name.casefold() == DEFAULT_KB), None)
    except KnowledgeBaseNotFound as error:
        raise Refused(error.code, error.title) from None
    except Unavailable as error:
        raise Refused(error.code, error.title, TRY_LATER) from None
    return KnowledgeRef(id=base.id, owner_id=base.owner_id, name=base.name) if base is not None else None

"""The knowledge base that a session's tutor answers from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from server.errors import KnowledgeBaseNotFound, Unavailable
from server.knowledge.model import KnowledgeBase
from server.protocol.agents import KnowledgeRef
from server.protocol.base import Id
from server.protocol.voice.base import TRY_LATER
from server.protocol.voice.tutor import DEFAULT_KB
from server.tutor.model import Conversation
from server.voice.admission import Refused

_ID: TypeAdapter[str] = TypeAdapter(Id)


class Bases(Protocol):
    async def find(self, owner_id: str, base_id: str) -> KnowledgeBase: ...

    async def list_for(self, owner_id: str) -> Sequence[KnowledgeBase]: ...


class Threads(Protocol):
    async def find(self, conversation_id: str) -> Conversation | None:
        """None if there is none, or if it is not known in time."""
        ...


async def base_of(
    bases: Bases, threads: Threads, user_id: str, kb_id: str, conversation_id: str
) -> KnowledgeRef | None:
    """The user's own base of that id; without an id that which the thread had last, or else which they have
    named `default`, if any. Raises Refused."""
    try:
        if kb_id:
            base: KnowledgeBase | None = await bases.find(user_id, _ID.validate_python(kb_id))
        else:
            thread, mine = await threads.find(conversation_id), await bases.list_for(user_id)
            linked = thread.knowledge_base_id if thread is not None else None
            base = next((one for one in mine if one.id == linked), None) or next(
                (one for one in mine if one.name.casefold() == DEFAULT_KB), None
            )
    except (KnowledgeBaseNotFound, ValidationError):
        raise Refused(KnowledgeBaseNotFound.code, KnowledgeBaseNotFound.title) from None
    except Unavailable as error:
        raise Refused(error.code, error.title, TRY_LATER) from None
    return KnowledgeRef(id=base.id, owner_id=base.owner_id, name=base.name) if base is not None else None

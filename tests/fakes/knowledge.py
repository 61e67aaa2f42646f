"""Knowledge bases of people who have none, for tests of other things."""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import KnowledgeBaseNotFound
from server.knowledge.model import Document, KnowledgeBase, Matches, NewPassage, Passage
from server.knowledge.ports import Vector


class NoKnowledge:
    """A KnowledgeStore without rows."""

    async def add_base(self, base: KnowledgeBase, limit: int) -> None:
        pass

    async def bases_of(self, owner_id: str) -> Sequence[KnowledgeBase]:
        return []

    async def find_base(self, base_id: str) -> KnowledgeBase:
        raise KnowledgeBaseNotFound

    async def delete_base(self, base_id: str) -> None:
        pass

    async def add_document(
        self, document: Document, passages: Sequence[NewPassage], vectors: Sequence[Vector]
    ) -> bool:
        raise KnowledgeBaseNotFound

    async def documents_of(self, base_id: str) -> Sequence[Document]:
        return []

    async def delete_document(self, base_id: str, document_id: str) -> None:
        raise KnowledgeBaseNotFound

    async def purge_step(self, *, is_first: bool) -> bool:
        return False

    async def match(self, base_id: str, terms: Sequence[str], limit: int) -> Matches:
        return Matches({}, [], 0)

    async def nearest(self, base_id: str, vector: Vector, limit: int) -> Sequence[int]:
        return []

    async def passages(self, ids: Sequence[int]) -> Sequence[Passage]:
        return []

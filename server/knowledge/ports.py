"""Interfaces that knowledge bases need: a store, which `server.storage` implements, and embeddings if
configured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from server.knowledge.model import Document, KnowledgeBase, Matches, NewPassage, Passage
from server.knowledge.purging import PurgedStore

Vector = Sequence[float]


class KnowledgeStore(PurgedStore, Protocol):
    """All methods raise Unavailable."""

    async def add_base(self, base: KnowledgeBase, limit: int) -> None:
        """Raises TooManyKnowledgeBases if the owner has `limit` already, and UserNotFound."""
        ...

    async def bases_of(self, owner_id: str) -> Sequence[KnowledgeBase]:
        """Newest first."""
        ...

    async def find_base(self, base_id: str) -> KnowledgeBase:
        """Raises KnowledgeBaseNotFound."""
        ...

    async def delete_base(self, base_id: str) -> None:
        """With its documents and passages."""
        ...

    async def add_document(
        self, document: Document, passages: Sequence[NewPassage], vectors: Sequence[Vector]
    ) -> bool:
        """`vectors`: one a passage, or none. A document of the same name is replaced; returns whether there
        was one. Raises KnowledgeBaseNotFound, and KnowledgeBaseFull beyond MAX_DOCUMENTS or MAX_PASSAGES."""
        ...

    async def documents_of(self, base_id: str) -> Sequence[Document]:
        """Newest first."""
        ...

    async def delete_document(self, base_id: str, document_id: str) -> None:
        """Raises DocumentNotFound."""
        ...

    async def match(self, base_id: str, terms: Sequence[str], limit: int) -> Matches:
        """Passages with some of the terms; `limit` bounds those that are ranked."""
        ...

    async def nearest(self, base_id: str, vector: Vector, limit: int) -> Sequence[int]:
        """Ids of the passages whose vectors are nearest by their angle, nearest first."""
        ...

    async def passages(self, ids: Sequence[int]) -> Sequence[Passage]:
        """In that order; those deleted meanwhile are left out."""
        ...


class Embedder(Protocol):
    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        """One vector a text. Raises Unavailable."""
        ...

    async def aclose(self) -> None: ...

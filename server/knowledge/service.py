"""Knowledge bases of people: their documents, and the passages that answer a question."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import uuid4

from server.common.fair_queue import FairQueue, QueueFull
from server.errors import KnowledgeBaseNotFound, Unavailable
from server.knowledge.child import passages_of
from server.knowledge.model import MAX_BASES, Document, Findings, KnowledgeBase, NewPassage
from server.knowledge.ports import Embedder, KnowledgeStore, Vector
from server.knowledge.purging import IndexPurge
from server.knowledge.ranking import by_words, fused, terms_of
from server.rooms.model import Claim

_MAX_WAITING = 8
"""Documents. Reading shares the machine with the media thread, so one child process runs at a time."""
_CANDIDATES = 40
_LIKENESS_ENOUGH, _LIKENESS_FROM = 3, 20
"""A question in other words than the documents' is taken as answered if so many of the first five passages
are found by words and by meaning alike. In a base with fewer passages than the latter that is chance."""
NEAR_WITHIN_S = 0.3
"""An embedding server that takes longer is not waited for: a tutor's search takes half a second at most."""
_NEAR_AGAIN_AFTER_S = 10.0
"""After that it is not asked for a while: each search would wait, and log it."""
_log = logging.getLogger(__name__)

_LEAST = 200
"""Characters that a passage counts for at least: its row, index entries and vector take room too."""
Admit = Callable[[int], Awaitable[None]]
"""Limits the characters that are stored: gets those of a document, and raises if they are too many."""


async def _admit_all(_characters: int) -> None:
    pass


class KnowledgeBases:
    """`clock` is seconds since the epoch. `embedder` is None where no embeddings are configured: search is
    by words then. All methods raise Unavailable; those with an owner or `asker` raise KnowledgeBaseNotFound
    for the base of somebody else. Call `start`, then `aclose`.

    `purge`: what is to be asked after a deletion, also by those who delete people."""

    def __init__(self, store: KnowledgeStore, embedder: Embedder | None, clock: Callable[[], float]) -> None:
        self._store = store
        self._embedder = embedder
        self._clock = clock
        self._near_from = 0.0
        self._readers = FairQueue("document", _MAX_WAITING)
        self.purge = IndexPurge(store, clock)

    def start(self) -> None:
        self.purge.start()

    async def aclose(self) -> None:
        await self.purge.aclose()
        await self._readers.aclose()
        if self._embedder is not None:
            await self._embedder.aclose()

    async def create(self, owner_id: str, name: str, language: str) -> KnowledgeBase:
        """Raises TooManyKnowledgeBases."""
        base = KnowledgeBase(uuid4().hex, owner_id, name, language.partition("-")[0], self._clock())
        await self._store.add_base(base, MAX_BASES)
        return base

    async def list_for(self, owner_id: str) -> Sequence[KnowledgeBase]:
        """Newest first."""
        return await self._store.bases_of(owner_id)

    async def find(self, owner_id: str, base_id: str) -> KnowledgeBase:
        base = await self._store.find_base(base_id)
        if base.owner_id != owner_id:
            raise KnowledgeBaseNotFound
        return base

    async def delete(self, owner_id: str, base_id: str) -> None:
        await self.find(owner_id, base_id)
        await self._store.delete_base(base_id)
        self.purge.ask()

    async def documents(self, owner_id: str, base_id: str) -> Sequence[Document]:
        """Newest first."""
        await self.find(owner_id, base_id)
        return await self._store.documents_of(base_id)

    async def add_document(
        self, claim: Claim, base_id: str, name: str, media_type: str, data: bytes, admit: Admit = _admit_all
    ) -> Document:
        """Read a file of the claim's user and store its passages; one of the same name is replaced. Raises
        DocumentUnreadable, DocumentTooLarge, KnowledgeBaseFull, and what `admit` raises."""
        await self.find(claim.user_id, base_id)
        passages = await self._read(claim, data, media_type)
        await admit(sum(max(_LEAST, len(p.heading) + len(p.text)) for p in passages))
        vectors = await self._vectors([f"{p.heading}\n{p.text}" for p in passages])
        document = Document(uuid4().hex, base_id, name, media_type, len(data), self._clock(), len(passages))
        if await self._store.add_document(document, passages, vectors):
            self.purge.ask()
        return document

    async def delete_document(self, owner_id: str, base_id: str, document_id: str) -> None:
        """Raises DocumentNotFound."""
        await self.find(owner_id, base_id)
        await self._store.delete_document(base_id, document_id)
        self.purge.ask()

    async def search(self, asker: str, base_id: str, question: str, limit: int) -> Findings:
        """The passages that answer best, best first. Without embeddings, or while they fail, by words."""
        await self.find(asker, base_id)
        terms = terms_of(question)
        matches = await self._store.match(base_id, terms, _CANDIDATES)
        found, is_answered = by_words(terms, matches, _CANDIDATES)
        near = await self._near(base_id, question)
        if near:
            best = fused([found, near], limit)
            alike = len(set(found[:5]) & set(near[:5]))
            is_alike = alike >= _LIKENESS_ENOUGH and matches.total >= _LIKENESS_FROM
            is_answered = is_answered or is_alike
            found = best
        return Findings(await self._store.passages(found[:limit]), is_answered)

    async def _read(self, claim: Claim, data: bytes, media_type: str) -> list[NewPassage]:
        try:
            return await self._readers.run(claim, partial(passages_of, data, media_type))
        except QueueFull:
            raise Unavailable("Many documents are waiting to be read. Try again in a moment.") from None

    async def _vectors(self, texts: Sequence[str]) -> Sequence[Vector]:
        return await self._embedder.embed(texts) if self._embedder else []

    async def _near(self, base_id: str, question: str) -> Sequence[int]:
        now = asyncio.get_running_loop().time()
        if self._embedder is None or now < self._near_from:
            return []
        try:
            async with asyncio.timeout(NEAR_WITHIN_S):
                [vector] = await self._embedder.embed([question])
        except Unavailable:
            return []
        except TimeoutError:
            self._near_from = now + _NEAR_AGAIN_AFTER_S
            _log.warning("embeddings take too long: search goes on by words")
            return []
        return await self._store.nearest(base_id, vector, _CANDIDATES)

"""Knowledge bases as messages of the REST API."""

from __future__ import annotations

from server.knowledge.model import Document, Findings, KnowledgeBase, Passage
from server.protocol import knowledge as wire
from server.rooms.views import timestamp


def base_view(base: KnowledgeBase) -> wire.KnowledgeBase:
    return wire.KnowledgeBase(
        id=base.id,
        name=base.name,
        language=base.language,
        documents=base.documents,
        passages=base.passages,
        created_at=timestamp(base.created_at),
    )


def document_view(document: Document) -> wire.KnowledgeDocument:
    return wire.KnowledgeDocument(
        id=document.id,
        name=document.name,
        media_type=document.media_type,
        size=document.size,
        passages=document.passages,
        created_at=timestamp(document.created_at),
    )


def found_view(findings: Findings) -> wire.KnowledgeFound:
    return wire.KnowledgeFound(
        passages=[_passage_view(passage) for passage in findings.passages], is_answered=findings.is_answered
    )


def _passage_view(passage: Passage) -> wire.KnowledgePassage:
    return wire.KnowledgePassage(
        document_id=passage.document_id,
        number=passage.number,
        document=passage.document,
        heading=passage.heading,
        text=passage.text,
    )

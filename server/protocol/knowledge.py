"""Knowledge bases over REST: documents of a person, and the passages that answer a question."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from server.protocol.base import Id, Inbound, LanguageTag, Outbound, RoomName, Timestamp, printable

MAX_PASSAGES_FOUND = 10
Question = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(printable)
]
DocumentName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(printable)
]


class CreateKnowledgeBase(Inbound):
    """`language`: what its documents are written in. Words of English are searched in all their forms."""

    name: RoomName
    language: LanguageTag = "en"


class KnowledgeBase(Outbound):
    """`documents`, `passages`: how many it has."""

    id: Id
    name: str
    language: LanguageTag
    documents: int
    passages: int
    created_at: Timestamp


class KnowledgeBaseList(Outbound):
    """Newest first."""

    items: list[KnowledgeBase]
    maximum: int


class DocumentQuery(Inbound):
    """`name`: of the file. A document of the same name is replaced."""

    name: DocumentName


class KnowledgeDocument(Outbound):
    """`size`: bytes of the file that was added. Only its passages are kept."""

    id: Id
    name: str
    media_type: str
    size: int
    passages: int
    created_at: Timestamp


class DocumentList(Outbound):
    """Newest first."""

    items: list[KnowledgeDocument]
    maximum: int


class KnowledgeQuery(Inbound):
    question: Question
    limit: Annotated[int, Field(ge=1, le=MAX_PASSAGES_FOUND, strict=False)] = 5


class AgentKnowledgeQuery(Inbound):
    """A worker's search for a tutor that answers from a base: `owner_id` must own it."""

    base_id: Id
    owner_id: Id
    question: Question
    limit: Annotated[int, Field(ge=1, le=MAX_PASSAGES_FOUND)] = 3


class KnowledgePassage(Outbound):
    """Some sentences of a document. `number`: their place in it, from 0; null from a server of the version
    before. `heading`: the headings above them, outermost first, or the page."""

    document_id: Id
    number: int | None = None
    document: str
    heading: str
    text: str


class KnowledgeFound(Outbound):
    """`passages`, best first. `is_answered` false: the documents do not seem to answer the question."""

    passages: list[KnowledgePassage]
    is_answered: bool

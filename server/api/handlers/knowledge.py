"""Routes of knowledge bases and their documents."""

from __future__ import annotations

from functools import partial
from pathlib import PurePosixPath
from typing import Any

from aiohttp import web

from server.api.clients import bearer
from server.api.handlers.users import require_user
from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.auth import is_service_token
from server.errors import (
    DocumentNotFound,
    DocumentTooLarge,
    DocumentUnreadable,
    KnowledgeBaseFull,
    KnowledgeBaseNotFound,
    PayloadTooLarge,
    TooManyKnowledgeBases,
    Unauthenticated,
    Unavailable,
)
from server.knowledge.model import MAX_BASES, MAX_DOCUMENTS, MAX_UPLOAD_BYTES
from server.knowledge.reading import MEDIA_TYPES
from server.knowledge.views import base_view, document_view, found_view
from server.protocol.knowledge import (
    AgentKnowledgeQuery,
    CreateKnowledgeBase,
    DocumentList,
    DocumentQuery,
    KnowledgeBase,
    KnowledgeBaseList,
    KnowledgeDocument,
    KnowledgeFound,
    KnowledgeQuery,
)

# Browsers know no type of Markdown, and some none of text.
_BY_ENDING = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
}
_PATH = "/api/knowledge-bases"


async def create_knowledge_base(services: Services, call: ApiCall[CreateKnowledgeBase]) -> KnowledgeBase:
    await require_user(services, call.user_id)
    given = call.input
    return base_view(await services.knowledge.create(call.user_id, given.name, given.language))


async def list_knowledge_bases(services: Services, call: ApiCall[None]) -> KnowledgeBaseList:
    found = await services.knowledge.list_for(call.user_id)
    return KnowledgeBaseList(items=[base_view(base) for base in found], maximum=MAX_BASES)


async def get_knowledge_base(services: Services, call: ApiCall[None]) -> KnowledgeBase:
    return base_view(await services.knowledge.find(call.user_id, _base_id(call)))


async def delete_knowledge_base(services: Services, call: ApiCall[None]) -> web.Response:
    await services.knowledge.delete(call.user_id, _base_id(call))
    return web.Response(status=204)


async def add_document(services: Services, call: ApiCall[DocumentQuery]) -> KnowledgeDocument:
    base_id, name = _base_id(call), call.input.name
    await services.knowledge.find(call.user_id, base_id)  # before the upload is read
    declared = call.request.content_type
    media_type = _BY_ENDING.get(PurePosixPath(name).suffix.lower(), declared)
    if media_type not in MEDIA_TYPES:
        raise DocumentUnreadable("The document has another format. Add Markdown, plain text or PDF.")
    claim = services.devices.claim_of(call.request, call.user_id)
    admit = partial(services.limits.check_document, call.user_id, services.address_of(call.request))
    async with services.uploads.body(call.request, claim, MAX_UPLOAD_BYTES) as data:
        added = await services.knowledge.add_document(claim, base_id, name, media_type, data, admit)
    return document_view(added)


async def list_documents(services: Services, call: ApiCall[None]) -> DocumentList:
    found = await services.knowledge.documents(call.user_id, _base_id(call))
    return DocumentList(items=[document_view(document) for document in found], maximum=MAX_DOCUMENTS)


async def delete_document(services: Services, call: ApiCall[None]) -> web.Response:
    document_id = path_id(call, DocumentNotFound, "documentId")
    await services.knowledge.delete_document(call.user_id, _base_id(call), document_id)
    return web.Response(status=204)


async def search_knowledge(services: Services, call: ApiCall[KnowledgeQuery]) -> KnowledgeFound:
    asked = call.input
    found = await services.knowledge.search(call.user_id, _base_id(call), asked.question, asked.limit)
    return found_view(found)


async def search_for_agent(services: Services, call: ApiCall[AgentKnowledgeQuery]) -> KnowledgeFound:
    """Sent by a worker, with the service token."""
    if not is_service_token(bearer(call.request), services.agent_token):
        raise Unauthenticated("The token is not this server's PARLOR_AGENT_TOKEN.")
    asked = call.input
    return found_view(
        await services.knowledge.search(asked.owner_id, asked.base_id, asked.question, asked.limit)
    )


def _base_id(call: ApiCall[Any]) -> str:
    return path_id(call, KnowledgeBaseNotFound)


ROUTES: tuple[Route, ...] = (
    Route(
        method="POST",
        path=_PATH,
        handler=create_knowledge_base,
        summary="Create a knowledge base: documents that the tutor may answer from.",
        body=CreateKnowledgeBase,
        response=KnowledgeBase,
        status=201,
        cost=5,
        errors=(TooManyKnowledgeBases, Unavailable),
    ),
    Route(
        method="GET",
        path=_PATH,
        handler=list_knowledge_bases,
        summary="List your knowledge bases, newest first.",
        response=KnowledgeBaseList,
        cost=2,
    ),
    Route(
        method="GET",
        path=_PATH + "/{id}",
        handler=get_knowledge_base,
        summary="Get one of your knowledge bases.",
        response=KnowledgeBase,
        errors=(KnowledgeBaseNotFound,),
    ),
    Route(
        method="DELETE",
        path=_PATH + "/{id}",
        handler=delete_knowledge_base,
        summary="Delete a knowledge base with its documents.",
        status=204,
        cost=2,
        errors=(KnowledgeBaseNotFound,),
    ),
    Route(
        method="POST",
        path=_PATH + "/{id}/documents",
        handler=add_document,
        summary="Add a document of at most 10 MB, or replace the one of that name. The name's ending says "
        "what it is, else the content type does. Its text is kept, in passages; the file is not.",
        query=DocumentQuery,
        upload=MEDIA_TYPES,
        response=KnowledgeDocument,
        status=201,
        cost=10,
        errors=(
            KnowledgeBaseNotFound,
            KnowledgeBaseFull,
            PayloadTooLarge,
            DocumentUnreadable,
            DocumentTooLarge,
            Unavailable,
        ),
    ),
    Route(
        method="GET",
        path=_PATH + "/{id}/documents",
        handler=list_documents,
        summary="List the documents of a knowledge base, newest first.",
        response=DocumentList,
        cost=2,
        errors=(KnowledgeBaseNotFound,),
    ),
    Route(
        method="DELETE",
        path=_PATH + "/{id}/documents/{documentId}",
        handler=delete_document,
        summary="Delete a document.",
        status=204,
        cost=2,
        errors=(KnowledgeBaseNotFound, DocumentNotFound),
    ),
    Route(
        method="GET",
        path=_PATH + "/{id}/search",
        handler=search_knowledge,
        summary="Find the passages that answer a question, best first.",
        query=KnowledgeQuery,
        response=KnowledgeFound,
        cost=3,
        errors=(KnowledgeBaseNotFound,),
    ),
    Route(
        method="POST",
        path="/api/agents/knowledge",
        handler=search_for_agent,
        summary="Workers, with the service token: find the passages that answer a learner's question.",
        body=AgentKnowledgeQuery,
        response=KnowledgeFound,
        auth=False,
        cost=0.5,
        errors=(Unauthenticated, KnowledgeBaseNotFound),
    ),
)

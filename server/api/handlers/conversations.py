"""Routes of stored conversations with the tutor, and of progress."""

from __future__ import annotations

from aiohttp import web

from server.api.bodies import read_body
from server.api.clients import bearer
from server.api.recordings import answer_recording
from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.auth import is_service_token
from server.errors import ConversationNotFound, Forbidden, NotFound, PayloadTooLarge, Unauthenticated
from server.protocol.conversations import (
    ConversationDetail,
    ConversationPage,
    ConversationQuery,
    Progress,
    ProgressQuery,
)
from server.tutor.views import conversation_view, day_view, detail_view

AUDIO_TYPE = "audio/ogg"
MAX_AUDIO_BYTES = 2 * 1024 * 1024
"""Ten minutes of speech."""


async def list_conversations(services: Services, call: ApiCall[ConversationQuery]) -> ConversationPage:
    page = await services.conversations.page(call.user_id, call.input.limit, call.input.cursor)
    return ConversationPage(
        items=[conversation_view(summary) for summary in page.items], next_cursor=page.next_cursor
    )


async def get_conversation(services: Services, call: ApiCall[None]) -> ConversationDetail:
    return detail_view(await services.conversations.view(call.user_id, path_id(call, ConversationNotFound)))


async def delete_conversation(services: Services, call: ApiCall[None]) -> web.Response:
    await services.conversations.delete(call.user_id, path_id(call, ConversationNotFound))
    return web.Response(status=204)


async def get_message_audio(services: Services, call: ApiCall[None]) -> web.StreamResponse:
    found = await services.conversations.find_audio(
        call.user_id, path_id(call, ConversationNotFound), path_id(call, NotFound, "messageId")
    )
    return await answer_recording(call.request, found, AUDIO_TYPE)


async def get_progress(services: Services, call: ApiCall[ProgressQuery]) -> Progress:
    days = await services.conversations.progress(call.user_id, call.input.days)
    return Progress(days=[day_view(day) for day in days])


async def put_message_audio(services: Services, call: ApiCall[None]) -> web.Response:
    """Sent by a worker, with the service token."""
    if not is_service_token(bearer(call.request), services.agent_token):
        raise Unauthenticated("The token is not this server's PARLOR_AGENT_TOKEN.")
    await services.conversations.save_audio(
        path_id(call, NotFound, "messageId"), await read_body(call.request, MAX_AUDIO_BYTES)
    )
    return web.Response(status=204)


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/conversations",
        handler=list_conversations,
        summary="List your conversations with the tutor, newest first.",
        query=ConversationQuery,
        response=ConversationPage,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/conversations/{id}",
        handler=get_conversation,
        summary="Get a conversation: your own messages and the tutor's, with corrections.",
        response=ConversationDetail,
        cost=2,
        errors=(ConversationNotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/conversations/{id}",
        handler=delete_conversation,
        summary="Delete your part of a conversation and its audio; progress keeps its numbers.",
        status=204,
        cost=2,
        errors=(ConversationNotFound,),
    ),
    Route(
        method="GET",
        path="/api/conversations/{id}/messages/{messageId}/audio",
        handler=get_message_audio,
        summary="Get the audio of a message (Ogg Opus), if it was stored.",
        media=AUDIO_TYPE,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/progress",
        handler=get_progress,
        summary="Get your practice for each day, in the time zone of your profile.",
        query=ProgressQuery,
        response=Progress,
        cost=2,
    ),
    Route(
        method="PUT",
        path="/api/agents/audio/{messageId}",
        handler=put_message_audio,
        summary="Workers, with the service token: store the audio of a message, at most 2 MB.",
        upload=(AUDIO_TYPE,),
        status=204,
        auth=False,
        cost=0.5,
        errors=(Unauthenticated, Forbidden, ConversationNotFound, PayloadTooLarge),
    ),
)

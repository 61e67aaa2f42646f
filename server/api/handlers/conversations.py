"""Routes of stored conversations with the tutor, and of progress."""

from __future__ import annotations

from aiohttp import web

from server.api.clients import bearer
from server.api.recordings import answer_recording
from server.api.routing import ApiCall, path_id, read_body
from server.api.services import Services
from server.auth import is_service_token
from server.errors import ConversationNotFound, NotFound, Unauthenticated
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

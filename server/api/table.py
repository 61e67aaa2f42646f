"""Every REST route, once: aiohttp's routing and /api/openapi.json both come from here."""

from __future__ import annotations

import json
from functools import cache

from aiohttp import web

from server.api.avatars.encoding import MEDIA_TYPES
from server.api.handlers import avatars, operations, profile, rooms, sessions, tutor
from server.api.openapi import openapi
from server.api.route import Call, Route
from server.api.services import Services
from server.api.version import VERSION
from server.errors import (
    ConversationNotFound,
    Forbidden,
    InviteInvalid,
    NotFound,
    NotHost,
    PayloadTooLarge,
    RemovedFromRoom,
    RoomNotFound,
    Unauthenticated,
    Unavailable,
)
from server.protocol.asyncapi import asyncapi
from server.protocol.conversations import (
    ConversationDetail,
    ConversationPage,
    ConversationQuery,
    Progress,
    ProgressQuery,
)
from server.protocol.entities import Room, User
from server.protocol.rest import (
    CreatedRoom,
    CreateRoom,
    GuestRequest,
    Health,
    LevelList,
    OnlineCount,
    RoomAccess,
    RoomPage,
    RoomQuery,
    Session,
    UserPatch,
)
from server.protocol.tutor import InviteTutor, TutorOffer


def prepare_contracts() -> None:
    """Build the documents now: it takes tens of milliseconds, too long for a loop that carries audio."""
    _contract("openapi")
    _contract("asyncapi")


async def _openapi(_services: Services, _call: Call[None]) -> web.Response:
    return _document("openapi")


async def _asyncapi(_services: Services, _call: Call[None]) -> web.Response:
    return _document("asyncapi")


@cache
def _contract(name: str) -> bytes:
    document = openapi(ROUTES, VERSION) if name == "openapi" else asyncapi(VERSION)
    return json.dumps(document, ensure_ascii=False).encode()


def _document(name: str) -> web.Response:
    return web.Response(
        body=_contract(name), content_type="application/json", headers={"Cache-Control": "no-cache"}
    )


ROUTES: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/api/auth/guest",
        handler=sessions.sign_in,
        summary="Sign in as a guest, with a name.",
        body=GuestRequest,
        response=Session,
        auth=False,
        cost=6,
    ),
    Route(
        method="POST",
        path="/api/auth/renew",
        handler=sessions.renew,
        summary="A new token for the same profile; call it once half of the old one's time has passed.",
        response=Session,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/users/me",
        handler=profile.get_me,
        summary="One's own profile.",
        response=User,
    ),
    Route(
        method="PATCH",
        path="/api/users/me",
        handler=profile.patch_me,
        summary="Change the members that are given; null clears one (the avatar: back to the generated).",
        body=UserPatch,
        response=User,
        cost=2,
    ),
    Route(
        method="PUT",
        path="/api/users/me/avatar",
        handler=profile.put_avatar,
        summary="Upload a picture, at most 5 MB; its first frame is cut to a square of 256 pixels.",
        upload=MEDIA_TYPES,
        response=User,
        cost=10,
        errors=(PayloadTooLarge, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/users/me/avatar",
        handler=profile.delete_avatar,
        summary="Back to the generated avatar.",
        response=User,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/avatars/g/{seed}.svg",
        handler=avatars.generated,
        summary="An avatar drawn from a seed (1 to 64 of A-Z a-z 0-9 _ -): the same seed, the same picture.",
        media="image/svg+xml",
        auth=False,
        cost=0.5,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/avatars/u/{name}.webp",
        handler=avatars.uploaded,
        summary="An uploaded avatar.",
        media="image/webp",
        auth=False,
        cost=0.5,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/levels",
        handler=rooms.list_levels,
        summary="The CEFR levels, easiest first.",
        response=LevelList,
        auth=False,
    ),
    Route(
        method="GET",
        path="/api/online",
        handler=rooms.count_online,
        summary="How many people are here now; who they are is told in /lobby.",
        response=OnlineCount,
        auth=False,
    ),
    Route(
        method="GET",
        path="/api/tutor",
        handler=tutor.offer,
        summary="In which languages there is a tutor: without a key for a language model in few.",
        response=TutorOffer,
    ),
    Route(
        method="GET",
        path="/api/rooms",
        handler=rooms.list_rooms,
        summary="Public rooms, filtered and sorted, a page at a time.",
        query=RoomQuery,
        response=RoomPage,
    ),
    Route(
        method="POST",
        path="/api/rooms",
        handler=rooms.create_room,
        summary="Create a room and be its host.",
        body=CreateRoom,
        response=CreatedRoom,
        status=201,
        cost=5,
        errors=(Unavailable,),
    ),
    Route(
        method="GET",
        path="/api/rooms/{id}",
        handler=rooms.get_room,
        summary="One room; a private one needs its invite, unless one is its host or has a seat in it.",
        query=RoomAccess,
        response=Room,
        errors=(RoomNotFound, InviteInvalid, RemovedFromRoom),
    ),
    Route(
        method="POST",
        path="/api/rooms/{id}/tutor",
        handler=tutor.invite_tutor,
        summary="Host: bring the tutor into the room, or give the one there another language or voice.",
        body=InviteTutor,
        response=Room,
        cost=2,
        errors=(RoomNotFound, NotHost, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/rooms/{id}/tutor",
        handler=tutor.dismiss_tutor,
        summary="Host: send the tutor away, which ends the conversation.",
        response=Room,
        cost=2,
        errors=(RoomNotFound, NotHost, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/conversations",
        handler=tutor.list_conversations,
        summary="One's own conversations with the tutor, newest first.",
        query=ConversationQuery,
        response=ConversationPage,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/conversations/{id}",
        handler=tutor.get_conversation,
        summary="One conversation: one's own messages and the tutor's, with the corrections.",
        response=ConversationDetail,
        cost=2,
        errors=(ConversationNotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/conversations/{id}",
        handler=tutor.delete_conversation,
        summary="Delete one's own part of a conversation, audio and all; progress keeps its numbers.",
        status=204,
        cost=2,
        errors=(ConversationNotFound,),
    ),
    Route(
        method="GET",
        path="/api/conversations/{id}/messages/{messageId}/audio",
        handler=tutor.get_message_audio,
        summary="A message as it was spoken (Ogg Opus), where it was kept.",
        media=tutor.AUDIO_TYPE,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/progress",
        handler=tutor.get_progress,
        summary="How much one practised, day by day (UTC).",
        query=ProgressQuery,
        response=Progress,
        cost=2,
    ),
    Route(
        method="PUT",
        path="/api/agents/audio/{messageId}",
        handler=tutor.put_message_audio,
        summary="Workers, with the service token: the audio of a message, at most 2 MB.",
        upload=(tutor.AUDIO_TYPE,),
        status=204,
        auth=False,
        cost=0.5,
        errors=(Unauthenticated, Forbidden, ConversationNotFound, PayloadTooLarge),
    ),
    Route(
        method="GET",
        path="/api/openapi.json",
        handler=_openapi,
        summary="This document.",
        auth=False,
    ),
    Route(
        method="GET",
        path="/api/asyncapi.json",
        handler=_asyncapi,
        summary="The Socket.IO events (AsyncAPI 3.0).",
        auth=False,
    ),
    Route(
        method="GET",
        path="/healthz",
        handler=operations.healthz,
        summary="Is the process alive.",
        response=Health,
        auth=False,
        cost=0,
    ),
    Route(
        method="GET",
        path="/readyz",
        handler=operations.readyz,
        summary="May it be sent people: its store answers, and it is not about to stop.",
        response=Health,
        auth=False,
        errors=(Unavailable,),
    ),
    Route(
        method="GET",
        path="/metrics",
        handler=operations.metrics,
        summary="Figures for Prometheus: to this machine, and to who bears PARLOR_METRICS_TOKEN.",
        media="text/plain",
        auth=False,
        errors=(Unauthenticated,),
    ),
)

"""All REST routes. aiohttp's routing and /api/openapi.json are both made from this table."""

from __future__ import annotations

import json
from functools import cache

from aiohttp import web

from server.api.avatars.encoding import MEDIA_TYPES
from server.api.handlers import conversations, mistakes, operations, rooms, users
from server.api.openapi import VERSION, openapi
from server.api.routing import ApiCall, Route
from server.api.services import Services
from server.errors import (
    ConversationNotFound,
    Forbidden,
    InviteInvalid,
    MistakeNotFound,
    NotFound,
    NotHost,
    PayloadTooLarge,
    PictureTooLarge,
    PictureUnreadable,
    RemovedFromRoom,
    RoomElsewhere,
    RoomNotFound,
    TooManyHosted,
    TooManyRooms,
    TooManyRoomsFromNetwork,
    TooManySignUps,
    TooManyTutors,
    TooManyTutorsFromNetwork,
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
from server.protocol.learning import (
    Accuracy,
    AccuracyQuery,
    MistakeDetail,
    MistakeList,
    ReviewAnswer,
    ReviewQuery,
    ReviewResult,
    Reviews,
)
from server.protocol.rest import (
    ClosePage,
    CreatedRoom,
    CreateRoom,
    GuestRequest,
    Health,
    LevelList,
    OnlineCount,
    RoomAccess,
    RoomPage,
    RoomPreview,
    RoomQuery,
    Session,
    UserPatch,
)
from server.protocol.tutor import InviteTutor, TutorOffer


def prepare_contracts() -> None:
    """Build the documents at start-up: tens of milliseconds are too long for a loop that carries audio."""
    _contract("openapi")
    _contract("asyncapi")


async def _openapi(_services: Services, _call: ApiCall[None]) -> web.Response:
    return _document("openapi")


async def _asyncapi(_services: Services, _call: ApiCall[None]) -> web.Response:
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
        handler=users.sign_in,
        summary="Sign in as a guest, with a name.",
        body=GuestRequest,
        response=Session,
        auth=False,
        opens_session=True,
        errors=(TooManySignUps,),
    ),
    Route(
        method="POST",
        path="/api/auth/renew",
        handler=users.renew,
        summary="Get a new token for the same session, also after the old one expired. Call it after half of"
        " the old one's lifetime.",
        response=Session,
        accepts_expired=True,
        cost=2,
    ),
    Route(
        method="POST",
        path="/api/auth/sign-out",
        handler=users.sign_out,
        summary="End the session: its tokens become void, its connections and seats end.",
        status=204,
        accepts_expired=True,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/users/me",
        handler=users.get_me,
        summary="Get your own profile.",
        response=User,
    ),
    Route(
        method="PATCH",
        path="/api/users/me",
        handler=users.patch_me,
        summary="Change the members that are present; null clears one, or restores the generated avatar.",
        body=UserPatch,
        response=User,
        cost=2,
    ),
    Route(
        method="PUT",
        path="/api/users/me/avatar",
        handler=users.put_avatar,
        summary="Upload an avatar of at most 5 MB; its first frame is cropped to a square of 256 pixels.",
        upload=MEDIA_TYPES,
        response=User,
        cost=10,
        errors=(PayloadTooLarge, PictureUnreadable, PictureTooLarge, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/users/me/avatar",
        handler=users.delete_avatar,
        summary="Restore the generated avatar.",
        response=User,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/avatars/g/{seed}.svg",
        handler=users.generated,
        summary="Get the avatar generated from a seed (1 to 64 of A-Z a-z 0-9 _ -). It never changes.",
        media="image/svg+xml",
        auth=False,
        is_picture=True,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/avatars/u/{name}.webp",
        handler=users.uploaded,
        summary="Get an uploaded avatar.",
        media="image/webp",
        auth=False,
        is_picture=True,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/levels",
        handler=rooms.list_levels,
        summary="List the CEFR levels, easiest first.",
        response=LevelList,
        auth=False,
    ),
    Route(
        method="GET",
        path="/api/online",
        handler=rooms.count_online,
        summary="Get the number of people online. The namespace /lobby sends who they are.",
        response=OnlineCount,
        auth=False,
    ),
    Route(
        method="GET",
        path="/api/tutor",
        handler=rooms.offer,
        summary="List the languages the tutor supports. Without an LLM key only those of local engines.",
        response=TutorOffer,
    ),
    Route(
        method="GET",
        path="/api/rooms",
        handler=rooms.list_rooms,
        summary="List public rooms, filtered and sorted, in pages.",
        query=RoomQuery,
        response=RoomPage,
        auth="optional",
    ),
    Route(
        method="POST",
        path="/api/rooms",
        handler=rooms.create_room,
        summary="Create a room and become its host.",
        body=CreateRoom,
        response=CreatedRoom,
        status=201,
        cost=5,
        errors=(
            TooManyRooms,
            TooManyHosted,
            TooManyRoomsFromNetwork,
            TooManyTutors,
            TooManyTutorsFromNetwork,
            Unavailable,
        ),
    ),
    Route(
        method="GET",
        path="/api/rooms/{id}",
        handler=rooms.get_room,
        summary="Get a room and whether you could join it now. A private one requires its invite, unless you "
        "host it or have a seat in it; one to practise alone requires a token.",
        query=RoomAccess,
        response=RoomPreview,
        auth="optional",
        errors=(RoomNotFound, RoomElsewhere, InviteInvalid, RemovedFromRoom, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/rooms/{id}/page-closed",
        handler=rooms.close_page,
        summary="Leave within 5 s unless the page joins again: for a page that closes or reloads.",
        body=ClosePage,
        status=204,
        auth=False,
        errors=(RoomNotFound,),
    ),
    Route(
        method="POST",
        path="/api/rooms/{id}/tutor",
        handler=rooms.invite_tutor,
        summary="Host: invite the tutor, or change the language or voice of the tutor in the room.",
        body=InviteTutor,
        response=Room,
        cost=2,
        errors=(RoomNotFound, RoomElsewhere, NotHost, TooManyTutors, TooManyTutorsFromNetwork, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/rooms/{id}/tutor",
        handler=rooms.dismiss_tutor,
        summary="Host: remove the tutor, which ends the conversation.",
        response=Room,
        cost=2,
        errors=(RoomNotFound, RoomElsewhere, NotHost, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/conversations",
        handler=conversations.list_conversations,
        summary="List your conversations with the tutor, newest first.",
        query=ConversationQuery,
        response=ConversationPage,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/conversations/{id}",
        handler=conversations.get_conversation,
        summary="Get a conversation: your own messages and the tutor's, with corrections.",
        response=ConversationDetail,
        cost=2,
        errors=(ConversationNotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/conversations/{id}",
        handler=conversations.delete_conversation,
        summary="Delete your part of a conversation and its audio; progress keeps its numbers.",
        status=204,
        cost=2,
        errors=(ConversationNotFound,),
    ),
    Route(
        method="GET",
        path="/api/conversations/{id}/messages/{messageId}/audio",
        handler=conversations.get_message_audio,
        summary="Get the audio of a message (Ogg Opus), if it was stored.",
        media=conversations.AUDIO_TYPE,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/progress",
        handler=conversations.get_progress,
        summary="Get your practice for each day, in the time zone of your profile.",
        query=ProgressQuery,
        response=Progress,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/progress/accuracy",
        handler=mistakes.get_accuracy,
        summary="Get for each week and category how many of your turns needed no correction.",
        query=AccuracyQuery,
        response=Accuracy,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/mistakes",
        handler=mistakes.list_mistakes,
        summary="List your mistakes by pattern, those made last first.",
        response=MistakeList,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/mistakes/{id}",
        handler=mistakes.get_mistake,
        summary="Get a mistake with the sentences in which you made it.",
        response=MistakeDetail,
        errors=(MistakeNotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/mistakes/{id}",
        handler=mistakes.forget_mistake,
        summary="Delete a mistake and its reviews. It comes back if you make it again.",
        status=204,
        cost=2,
        errors=(MistakeNotFound,),
    ),
    Route(
        method="GET",
        path="/api/reviews",
        handler=mistakes.list_reviews,
        summary="List exercises for mistakes that are due for review.",
        query=ReviewQuery,
        response=Reviews,
        cost=2,
    ),
    Route(
        method="POST",
        path="/api/reviews/{id}",
        handler=mistakes.answer_review,
        summary="Answer the exercise of a mistake, by its id. The last try sets when it is due next.",
        body=ReviewAnswer,
        response=ReviewResult,
        errors=(MistakeNotFound,),
    ),
    Route(
        method="PUT",
        path="/api/agents/audio/{messageId}",
        handler=conversations.put_message_audio,
        summary="Workers, with the service token: store the audio of a message, at most 2 MB.",
        upload=(conversations.AUDIO_TYPE,),
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
        summary="Check that the process is alive.",
        response=Health,
        auth=False,
        cost=0,
    ),
    Route(
        method="GET",
        path="/readyz",
        handler=operations.readyz,
        summary="Check that the server accepts people: its database takes writes, and it is not stopping.",
        response=Health,
        auth=False,
        errors=(Unavailable,),
    ),
    Route(
        method="GET",
        path="/metrics",
        handler=operations.metrics,
        summary="Get metrics for Prometheus. Requires PARLOR_METRICS_TOKEN or, without one, this machine.",
        media="text/plain",
        auth=False,
        errors=(Unauthenticated,),
    ),
)

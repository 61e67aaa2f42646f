"""Routes that list, get and create rooms, and their tutor."""

from __future__ import annotations

from aiohttp import web

from server.api.handlers.users import require_user
from server.api.routing import ApiCall, Route, path_id, reply
from server.api.services import Services
from server.courses.views import class_to_teach
from server.errors import (
    CourseNotFound,
    InviteInvalid,
    KnowledgeBaseNotFound,
    MutedByModerator,
    NotHost,
    RemovedFromRoom,
    RoomElsewhere,
    RoomNotFound,
    TooManyHosted,
    TooManyRooms,
    TooManyRoomsFromNetwork,
    TooManyTutors,
    TooManyTutorsFromNetwork,
    Unavailable,
)
from server.protocol.entities import LEVELS, Room, RoomNode, RoomType
from server.protocol.rest import (
    ClosePage,
    CreatedRoom,
    CreateRoom,
    LevelList,
    NodeQuery,
    OnlineCount,
    RoomAccess,
    RoomPage,
    RoomPreview,
    RoomQuery,
)
from server.protocol.tutor import InviteTutor, TutorOffer
from server.rooms.model import KnowledgeChoice

_ASKS_ELSEWHERE_AFTER_S = 1.0
"""A client that has lost the room's server, or is told to look for it, asks the next server if this one is
cut off from the store."""


async def list_levels(_services: Services, _call: ApiCall[None]) -> LevelList:
    return LevelList(items=list(LEVELS))


async def count_online(services: Services, _call: ApiCall[None]) -> OnlineCount:
    return OnlineCount(count=services.count_online())


async def list_rooms(services: Services, call: ApiCall[RoomQuery]) -> RoomPage:
    hidden = await services.people.hidden.of(call.user_id) if call.user_id else ()
    return services.rooms.list_rooms(call.input, hidden)


async def get_room(services: Services, call: ApiCall[RoomAccess]) -> RoomPreview:
    room_id = call.request.match_info["id"]
    origin = services.devices.origin_of(call.request)
    await services.rooms.require_here(room_id)
    return await services.rooms.get_room_for(room_id, call.user_id, call.input.invite, origin)


async def find_node(services: Services, call: ApiCall[NodeQuery]) -> RoomNode:
    room_id = path_id(call, RoomNotFound)
    if services.locate is None:
        await services.rooms.require_here(room_id)
        return RoomNode(node_id=services.health.node_id, url="")
    owner = await services.locate(room_id, call.input.lost)
    return RoomNode(node_id=owner.node_id, url=owner.url)


async def create_room(services: Services, call: ApiCall[CreateRoom]) -> web.Response:
    if call.input.type is not RoomType.AI:
        await services.moderation.standings.require_words(call.user_id)
    if services.place is not None:
        body = call.input.model_dump_json(by_alias=True, exclude_unset=True).encode()
        if (answer := await services.place(call.request, body)) is not None:
            return answer
    await require_user(services, call.user_id)
    origin = services.devices.origin_of(call.request)
    created = await services.rooms.create_room(call.user_id, call.input, origin)
    return reply(created, 201, {"Location": f"/api/rooms/{created.id}"})


async def close_page(services: Services, call: ApiCall[ClosePage]) -> web.Response:
    """Browsers send it as a beacon, which cannot have an Authorization header: the resume token, a secret of
    192 bits that opens nothing but this seat, is in the body instead."""
    services.page_closed(call.request.match_info["id"], call.input.resume_token)
    return web.Response(status=204, headers={"Cache-Control": "no-store"})


async def offer(services: Services, _call: ApiCall[None]) -> TutorOffer:
    languages = services.tutor_languages()
    return TutorOffer(languages=None if languages is None else sorted(languages))


async def invite_tutor(services: Services, call: ApiCall[InviteTutor]) -> Room:
    room_id = call.request.match_info["id"]
    origin = services.devices.origin_of(call.request)
    knowledge = None
    if call.input.knowledge_base_id is not None:
        base = await services.knowledge.find(call.user_id, call.input.knowledge_base_id)
        knowledge = KnowledgeChoice(base.id, base.owner_id, base.name)
    teaches = None
    if (chosen := call.input.teaches) is not None:
        teaches = class_to_teach(await services.courses.find(chosen.course_id), chosen)
    return await services.tutoring.invite(call.user_id, room_id, call.input, origin, knowledge, teaches)


async def dismiss_tutor(services: Services, call: ApiCall[None]) -> Room:
    return await services.tutoring.dismiss(call.user_id, call.request.match_info["id"])


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/levels",
        handler=list_levels,
        summary="List the CEFR levels, easiest first.",
        response=LevelList,
        auth=False,
    ),
    Route(
        method="GET",
        path="/api/online",
        handler=count_online,
        summary="Get the number of people online. The namespace /lobby sends who they are.",
        response=OnlineCount,
        auth=False,
    ),
    Route(
        method="GET",
        path="/api/tutor",
        handler=offer,
        summary="List the languages the tutor supports. Without an LLM key only those of local engines.",
        response=TutorOffer,
    ),
    Route(
        method="GET",
        path="/api/rooms",
        handler=list_rooms,
        summary="List public rooms, filtered and sorted, in pages.",
        query=RoomQuery,
        response=RoomPage,
        auth="optional",
    ),
    Route(
        method="POST",
        path="/api/rooms",
        handler=create_room,
        summary="Create a room and become its host.",
        body=CreateRoom,
        response=CreatedRoom,
        status=201,
        cost=5,
        errors=(
            MutedByModerator,
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
        of_room=True,
        handler=get_room,
        summary="Get a room and whether you could join it now. A private one requires its invite, unless you "
        "host it or have a seat in it; one to practise alone requires a token.",
        query=RoomAccess,
        response=RoomPreview,
        auth="optional",
        errors=(RoomNotFound, RoomElsewhere, InviteInvalid, RemovedFromRoom, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/rooms/{id}/node",
        handler=find_node,
        summary="Get the server that has the room. `not` names one that you have lost: it is examined for up "
        "to 1.5 s, and if it is dead another one takes the room over first.",
        query=NodeQuery,
        response=RoomNode,
        session_within_s=_ASKS_ELSEWHERE_AFTER_S,
        errors=(RoomNotFound, RoomElsewhere, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/rooms/{id}/page-closed",
        of_room=True,
        handler=close_page,
        summary="Leave within 5 s unless the page joins again: for a page that closes or reloads.",
        body=ClosePage,
        status=204,
        auth=False,
        errors=(RoomNotFound,),
    ),
    Route(
        method="POST",
        path="/api/rooms/{id}/tutor",
        of_room=True,
        handler=invite_tutor,
        summary="Host: invite the tutor, or change its language, voice, knowledge or class.",
        body=InviteTutor,
        response=Room,
        cost=2,
        errors=(
            RoomNotFound,
            RoomElsewhere,
            NotHost,
            KnowledgeBaseNotFound,
            MutedByModerator,
            CourseNotFound,
            TooManyTutors,
            TooManyTutorsFromNetwork,
            Unavailable,
        ),
    ),
    Route(
        method="DELETE",
        path="/api/rooms/{id}/tutor",
        of_room=True,
        handler=dismiss_tutor,
        summary="Host: remove the tutor, which ends the conversation.",
        response=Room,
        cost=2,
        errors=(RoomNotFound, RoomElsewhere, NotHost, Unavailable),
    ),
)

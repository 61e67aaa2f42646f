"""Routes that list, get and create rooms, and their tutor."""

from __future__ import annotations

from aiohttp import web

from server.api.handlers.users import require_user
from server.api.routing import ApiCall, path_id, reply
from server.api.services import Services
from server.errors import RoomNotFound
from server.protocol.entities import LEVELS, Room, RoomNode
from server.protocol.rest import (
    ClosePage,
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


async def list_levels(_services: Services, _call: ApiCall[None]) -> LevelList:
    return LevelList(items=list(LEVELS))


async def count_online(services: Services, _call: ApiCall[None]) -> OnlineCount:
    return OnlineCount(count=services.count_online())


async def list_rooms(services: Services, call: ApiCall[RoomQuery]) -> RoomPage:
    return services.rooms.list_rooms(call.input)


async def get_room(services: Services, call: ApiCall[RoomAccess]) -> RoomPreview:
    room_id = call.request.match_info["id"]
    origin = services.devices.origin_of(call.request)
    await services.rooms.require_here(room_id)
    return services.rooms.get_room(room_id, call.user_id, call.input.invite, origin)


async def find_node(services: Services, call: ApiCall[NodeQuery]) -> RoomNode:
    room_id = path_id(call, RoomNotFound)
    if services.locate is None:
        await services.rooms.require_here(room_id)
        return RoomNode(node_id=services.health.node_id, url="")
    owner = await services.locate(room_id, call.input.lost)
    return RoomNode(node_id=owner.node_id, url=owner.url)


async def create_room(services: Services, call: ApiCall[CreateRoom]) -> web.Response:
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
    return await services.tutoring.invite(call.user_id, room_id, call.input, origin)


async def dismiss_tutor(services: Services, call: ApiCall[None]) -> Room:
    return await services.tutoring.dismiss(call.user_id, call.request.match_info["id"])

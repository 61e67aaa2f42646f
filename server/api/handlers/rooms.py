"""Finding, looking at and making rooms."""

from __future__ import annotations

from aiohttp import web

from server.api.handlers.profile import require_user
from server.api.replies import reply
from server.api.route import Call
from server.api.services import Services
from server.protocol.entities import LEVELS
from server.protocol.entities import Room as WireRoom
from server.protocol.rest import CreateRoom, LevelList, OnlineCount, RoomAccess, RoomPage, RoomQuery
from server.rooms.directory import RoomDraft
from server.rooms.listing import ListQuery
from server.rooms.model import RoomType
from server.wire import created_room_to_wire, room_to_wire


async def list_levels(_services: Services, _call: Call[None]) -> LevelList:
    return LevelList(items=list(LEVELS))


async def count_online(services: Services, _call: Call[None]) -> OnlineCount:
    return OnlineCount(count=services.count_online())


async def list_rooms(services: Services, call: Call[RoomQuery]) -> RoomPage:
    wanted = call.input
    page = services.rooms.list_rooms(
        ListQuery(
            levels=frozenset(level.value for level in wanted.level),
            search=wanted.search,
            sort=wanted.sort,
            type=RoomType(wanted.type) if wanted.type else None,
            language=wanted.language,
            limit=wanted.limit,
            cursor=wanted.cursor,
        )
    )
    return RoomPage(items=[room_to_wire(view) for view in page.items], next_cursor=page.next_cursor)


async def get_room(services: Services, call: Call[RoomAccess]) -> WireRoom:
    room_id = call.request.match_info["id"]
    return room_to_wire(services.rooms.get_room(room_id, call.user_id, call.input.invite))


async def create_room(services: Services, call: Call[CreateRoom]) -> web.Response:
    await require_user(services, call.user_id)
    wanted = call.input
    created = await services.rooms.create_room(
        call.user_id,
        RoomDraft(
            name=wanted.name,
            topic=wanted.topic,
            level=wanted.level.value,
            type=RoomType(wanted.type),
            language=wanted.language,
            max_participants=wanted.max_participants,
            tags=tuple(wanted.tags),
        ),
    )
    return reply(created_room_to_wire(created), 201, {"Location": f"/api/rooms/{created.view.id}"})

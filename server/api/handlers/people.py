"""Routes of people and each other: lists, cards, follows, notes, invitations, blocks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.errors import (
    Conflict,
    NotFriends,
    NotHost,
    NotInvitable,
    NotJoined,
    RoomElsewhere,
    RoomFull,
    RoomLocked,
    RoomNotFound,
    TooManyBlocked,
    TooManyFollowed,
    TooManyFollows,
    TooManyInvitations,
    TooManyNotes,
    Unavailable,
    UserNotFound,
)
from server.people.model import PeopleList
from server.protocol import people as wire

ListHandler = Callable[[Services, ApiCall[wire.PeopleQuery]], Awaitable[wire.PeoplePage]]


async def get_card(services: Services, call: ApiCall[None]) -> wire.PersonCard:
    people = services.people
    card = await people.lists.card(call.user_id, path_id(call, UserNotFound))
    return people.views.card(card, call.user_id)


async def list_online_friends(services: Services, call: ApiCall[wire.PeopleQuery]) -> wire.PeoplePage:
    people, query = services.people, call.input
    return people.views.page(await people.lists.online_friends(call.user_id, query.limit, query.cursor))


async def follow(services: Services, call: ApiCall[None]) -> web.Response:
    other_id = path_id(call, UserNotFound)
    await services.limits.check_follow(call.user_id, services.address_of(call.request))
    await services.people.follows.follow(call.user_id, other_id)
    return web.Response(status=204)


async def unfollow(services: Services, call: ApiCall[None]) -> web.Response:
    await services.people.follows.unfollow(call.user_id, path_id(call, UserNotFound))
    return web.Response(status=204)


async def remove_follower(services: Services, call: ApiCall[None]) -> web.Response:
    await services.people.follows.remove_follower(call.user_id, path_id(call, UserNotFound))
    return web.Response(status=204)


async def write_note(services: Services, call: ApiCall[wire.PersonNote]) -> web.Response:
    await services.people.lists.set_note(call.user_id, path_id(call, UserNotFound), call.input.text)
    return web.Response(status=204)


async def forget_met(services: Services, call: ApiCall[None]) -> web.Response:
    await services.people.meetings.forget(call.user_id, path_id(call, UserNotFound))
    return web.Response(status=204)


async def forget_all_met(services: Services, call: ApiCall[None]) -> web.Response:
    await services.people.meetings.forget(call.user_id)
    return web.Response(status=204)


async def invite_friend(services: Services, call: ApiCall[wire.Invite]) -> web.Response:
    room_id = path_id(call, RoomNotFound)
    await services.rooms.require_here(room_id)
    await services.limits.check_invitation(call.user_id, services.address_of(call.request))
    await services.people.invitations.invite(room_id, call.user_id, call.input.user_id)
    return web.Response(status=204)


async def block_person(services: Services, call: ApiCall[None]) -> web.Response:
    other_id = path_id(call, UserNotFound)
    await services.people.blocks.block(call.user_id, other_id)
    await services.schedule.part(call.user_id, other_id)
    return web.Response(status=204)


async def unblock_person(services: Services, call: ApiCall[None]) -> web.Response:
    await services.people.blocks.unblock(call.user_id, path_id(call, UserNotFound))
    return web.Response(status=204)


def _list(which: PeopleList) -> ListHandler:
    async def handler(services: Services, call: ApiCall[wire.PeopleQuery]) -> wire.PeoplePage:
        people, query = services.people, call.input
        return people.views.page(await people.lists.page(which, call.user_id, query.limit, query.cursor))

    handler.__name__ = f"list_{which.value}"  # the operationId
    return handler


def _list_route(path: str, handler: ListHandler, summary: str) -> Route:
    return Route(
        method="GET",
        path=f"/api/people/{path}",
        handler=handler,
        summary=summary,
        query=wire.PeopleQuery,
        response=wire.PeoplePage,
        cost=2,
    )


ROUTES: tuple[Route, ...] = (
    _list_route(
        "friends", _list(PeopleList.FRIENDS), "List your friends: people whom you follow and who follow you."
    ),
    _list_route("online", list_online_friends, "List the friends who let you see that they are online."),
    _list_route("following", _list(PeopleList.FOLLOWING), "List the people whom you follow."),
    _list_route("followers", _list(PeopleList.FOLLOWERS), "List the people who follow you."),
    _list_route("met", _list(PeopleList.MET), "List the people with whom you were in a room lately."),
    _list_route("blocked", _list(PeopleList.BLOCKED), "List the people whom you have blocked."),
    Route(
        method="DELETE",
        path="/api/people/met",
        handler=forget_all_met,
        summary="Delete all people from the list of those whom you have met.",
        status=204,
        cost=2,
    ),
    Route(
        method="DELETE",
        path="/api/people/met/{id}",
        handler=forget_met,
        summary="Delete a person from the list of those whom you have met.",
        status=204,
        cost=2,
        errors=(UserNotFound,),
    ),
    Route(
        method="GET",
        path="/api/people/{id}",
        handler=get_card,
        summary="Get a person's profile card; none of people who hide their profile and do not follow you.",
        response=wire.PersonCard,
        cost=2,
        errors=(UserNotFound,),
    ),
    Route(
        method="PUT",
        path="/api/people/{id}/follow",
        handler=follow,
        summary="Follow a person, who is told. People who follow each other are friends.",
        status=204,
        cost=5,
        errors=(UserNotFound, Conflict, TooManyFollowed, TooManyFollows),
    ),
    Route(
        method="DELETE",
        path="/api/people/{id}/follow",
        handler=unfollow,
        summary="Unfollow a person. They are not told.",
        status=204,
        cost=2,
        errors=(UserNotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/people/{id}/follower",
        handler=remove_follower,
        summary="Remove a person from those who follow you. They are not told.",
        status=204,
        cost=2,
        errors=(UserNotFound,),
    ),
    Route(
        method="PUT",
        path="/api/people/{id}/note",
        handler=write_note,
        summary="Write a note on a person, which you alone can read. An empty text deletes it.",
        body=wire.PersonNote,
        status=204,
        cost=2,
        errors=(UserNotFound, TooManyNotes),
    ),
    Route(
        method="POST",
        path="/api/rooms/{id}/invitations",
        handler=invite_friend,
        summary="Invite a friend into a room in which you are. Whom the host invites need not knock.",
        body=wire.Invite,
        status=204,
        cost=5,
        of_room=True,
        errors=(
            RoomNotFound,
            RoomElsewhere,
            NotFriends,
            NotJoined,
            NotHost,
            NotInvitable,
            RoomFull,
            RoomLocked,
            TooManyInvitations,
            Unavailable,
        ),
    ),
    Route(
        method="PUT",
        path="/api/people/{id}/block",
        handler=block_person,
        summary="Block a person: neither of you hears, sees or messages the other. They are not told.",
        status=204,
        cost=2,
        errors=(UserNotFound, Conflict, TooManyBlocked),
    ),
    Route(
        method="DELETE",
        path="/api/people/{id}/block",
        handler=unblock_person,
        summary="Unblock a person.",
        status=204,
        cost=2,
        errors=(UserNotFound,),
    ),
)

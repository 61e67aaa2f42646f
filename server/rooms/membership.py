"""Seats: joining, leaving, holding and removing them; closing a room."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from server.errors import (
    AlreadyJoined,
    RemovedFromRoom,
    Unauthenticated,
    Unavailable,
    UserNotFound,
)
from server.protocol.entities import ParticipantKind
from server.protocol.rooms import (
    ClosedReason,
    Empty,
    Join,
    Joined,
    LeftReason,
    MediaHints,
    Offer,
    Ok,
    Pong,
    Snapshot,
)
from server.rooms.apart import Apart
from server.rooms.banning import banned_user_returned
from server.rooms.changes import ROOM
from server.rooms.effects import Effects
from server.rooms.entrance import Entrance
from server.rooms.hearing import set_apart
from server.rooms.keep_apart import KeepApart
from server.rooms.knocking import knocks_for
from server.rooms.members import Member
from server.rooms.model import UNKNOWN_ORIGIN, Origin, User, digest, new_secret, tutor_user
from server.rooms.persistence import Persistence
from server.rooms.ports import (
    Clock,
    EventSink,
    IceServers,
    Media,
    RoomsSettings,
    Standing,
    UserStore,
    WallClock,
)
from server.rooms.room import Room
from server.rooms.runtime import OpenRoom, OpenRooms, Place
from server.rooms.seat_states import SeatState
from server.rooms.seating import hold_seat, page_closed, remove_member, seat_for, take_seat
from server.rooms.speaking import mute
from server.rooms.views import chat_view, club_view, knocker_views, slot_states

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Joiner:
    """`is_tutor`: the connection plays the room's tutor, which is a separate user. `may_join`: asked again
    before the seat is taken, since a join can take seconds."""

    connection_id: str
    user_id: str
    is_tutor: bool = False
    origin: Origin = UNKNOWN_ORIGIN
    may_join: Callable[[], bool] = lambda: True

    @property
    def kind(self) -> ParticipantKind:
        return ParticipantKind.TUTOR if self.is_tutor else ParticipantKind.PERSON


@dataclass(slots=True)
class _Attempt:
    """A join under way. `deadline` is a time of the event loop. `is_over`: its caller stopped waiting.
    `is_seated`: it became visible. `standing`: what moderators have decided about the person."""

    joiner: Joiner
    request: Join
    deadline: float | None = None
    is_over: bool = False
    is_seated: bool = False
    standing: Standing = Standing()


class Membership:
    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        keep_apart: KeepApart,
        *,
        users: UserStore,
        media: Media,
        event_sink: EventSink,
        ice_servers: IceServers,
        clock: Clock,
        wall_clock: WallClock,
        settings: RoomsSettings,
        entrance: Entrance,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._persistence = persistence
        self._keep_apart = keep_apart
        self._users = users
        self._media = media
        self._event_sink = event_sink
        self._ice_servers = ice_servers
        self._clock = clock
        self._wall_clock = wall_clock
        self._settings = settings
        self._entrance = entrance

    async def join(self, joiner: Joiner, request: Join) -> Joined:
        """Take a seat, or take one back.

        The whole join has one deadline, shorter than the limit of the handler that calls it. A join whose
        caller no longer waits does not become visible, and nothing of it remains.

        Raises RoomNotFound, RoomElsewhere, RoomFull, RoomLocked, KnockRequired, InviteInvalid,
        RemovedFromRoom, AlreadyJoined, NoTutor, UserNotFound, RulesNotAccepted, WarningNotRead,
        Unauthenticated, Unavailable.
        """
        if self._rooms.is_draining:
            raise Unavailable
        opened = await self._rooms.look_up(request.room_id)
        self._require_free(joiner.connection_id, opened.room)
        attempt = _Attempt(joiner, request)
        try:
            async with asyncio.timeout(self._settings.join_timeout_s) as limit:
                attempt.deadline = limit.when()
                user = await self._user(joiner, request.room_id)
                if not joiner.is_tutor:
                    attempt.standing = await self._entrance.require(opened.room, user)
                return await opened.mailbox.run(self._join, opened, user, attempt)
        except BaseException as error:
            attempt.is_over = True
            if attempt.is_seated:
                # The caller went in the moment between seat and ack: the client may come back for the seat.
                self.connection_lost(joiner.connection_id)
            if isinstance(error, TimeoutError):
                raise Unavailable from None
            raise

    async def sync(self, connection_id: str, _payload: Empty) -> Snapshot:
        """Does not wait for the mailbox: it repairs a client that has missed events. Raises NotJoined."""
        place = self._rooms.place_of(connection_id)
        return Snapshot(**self._snapshot_fields(place.room, place.member, connection_id))

    async def leave(self, connection_id: str, _payload: Empty) -> Ok:
        """A client whose leave request timed out still leaves. Raises NotJoined."""
        place = self._rooms.place_of(connection_id)
        await place.mailbox.run_anyway(self._leave, connection_id)
        return Ok()

    async def ping(self, _connection_id: str, _payload: Empty) -> Pong:
        return Pong(time=int(self._wall_clock() * 1000))

    def connection_lost(self, connection_id: str) -> None:
        """The socket closed without `leave`: the seat is held. Does nothing for a connection without one."""
        place = self._rooms.find_connection(connection_id)
        if place is not None:
            place.mailbox.post(self._hold, place, connection_id, self._clock(), subject=place.member.id)

    def signed_out(self, user_id: str, connection_ids: Collection[str]) -> None:
        """The user signed out on the device of these connections: their seats are given up, and seats that
        are held for the user. They are mute at once, before the mailbox has time."""
        for opened in self._rooms.all():
            member = opened.room.seat_of(user_id)
            if member is not None and _belongs_to(member, connection_ids):
                self._effects.apply(opened.room, mute(opened.room, member, at_once=True))
                opened.mailbox.post(self._sign_out, opened.room, member, connection_ids, subject=member.id)
        self._effects.silence_handed_over(user_id, lambda member: _belongs_to(member, connection_ids))

    def page_closed(self, room_id: str, resume_token: str) -> None:
        """The page with that seat has closed or reloads. Does nothing for a token that opens no seat, as one
        from before a join that has come back already. Raises RoomNotFound."""
        opened = self._rooms.get(room_id)
        member = opened.room.seat_of_token(resume_token)
        if member is not None and member.state is not SeatState.LEAVING:
            now = self._clock()
            opened.mailbox.post(self._page_closed, opened.room, resume_token, now, subject=member.id)

    # In the room's mailbox

    async def remove(self, room: Room, member: Member, reason: LeftReason) -> None:
        """The seat is given up even if the store fails."""
        changes = remove_member(room, member, reason, self._clock())
        _log.info("left: %s", reason, extra={"room_id": room.id, "participant_id": member.id})
        await self._effects.commit(room, changes, required=False)

    async def close(self, room: Room, reason: ClosedReason) -> None:
        """The mailbox ends with the room."""
        _log.info("room closed: %s", reason, extra={"room_id": room.id})
        self._effects.apply(room, room.close(reason))
        await self._persistence.delete(room)

    async def _join(self, opened: OpenRoom, user: User, attempt: _Attempt) -> Joined:
        room, joiner, request = opened.room, attempt.joiner, attempt.request
        token = new_secret()
        member = await self._seat_for(room, user, joiner, request)
        offer, apart = await self._prepare(opened, member, digest(token), attempt)
        is_new = not room.has(member)
        self._effects.apply(room, set_apart(room, apart))
        changes = take_seat(
            room, member, user, joiner.connection_id, digest(token), self._clock(), origin=joiner.origin
        )
        self._effects.apply(room, changes)
        self._apply_standing(room, member, attempt.standing)
        attempt.is_seated = True
        opened.mailbox.post(self._store_host, room)
        _log.info(
            "joined" if is_new else "took the seat back",
            extra={"room_id": room.id, "participant_id": member.id},
        )
        return Joined(
            **self._snapshot_fields(room, member, joiner.connection_id),
            resume_token=token,
            ice_servers=self._ice_servers(user.id),
            offer=offer,
            media=MediaHints(red=self._settings.red),
            node_id=self._settings.node_id,
            node=self._settings.node,
            is_settling=room.settles_at is not None,
        )

    def _apply_standing(self, room: Room, member: Member, standing: Standing) -> None:
        """Of somebody whom a moderator has muted since the seat was stored."""
        member.muted_until = standing.muted_until
        if standing.muted_until is not None and self._wall_clock() < standing.muted_until:
            self._effects.apply(room, mute(room, member, at_once=True))

    async def _seat_for(self, room: Room, user: User, joiner: Joiner, request: Join) -> Member:
        """Raises as `seating.seat_for`."""
        try:
            return seat_for(
                room,
                user,
                joiner.kind,
                request.invite,
                request.resume_token,
                now=self._clock(),
                wall_now=self._wall_clock(),
                origin=joiner.origin,
            )
        except RemovedFromRoom:
            changes = banned_user_returned(room, user.id, joiner.origin)
            await self._effects.commit(room, changes, required=False)
            raise

    async def _prepare(
        self, opened: OpenRoom, member: Member, token_digest: str, attempt: _Attempt
    ) -> tuple[Offer, Apart]:
        """Everything that can fail or take long, before anybody sees the join. If it fails, or the caller
        stopped waiting, nothing of it remains. Nothing is awaited after the read of who is kept apart, which
        must not be old when the seat is taken. Raises Unavailable, AlreadyJoined, Unauthenticated."""
        room = opened.room
        try:
            async with asyncio.timeout_at(attempt.deadline):
                offer = await self._media.open(room.peer_spec(member, attempt.joiner.origin))
                record = replace(member.record, resume_digest=token_digest)
                await self._persistence.store_first(room, record)
                apart = await self._apart_with(room, member)
            self._require_waiting(attempt, room)
        except BaseException as error:
            self._persistence.mark_dirty(room, member.id)
            if not room.has(member):
                self._media.close(member.id)
            if attempt.is_over:
                opened.mailbox.post(self._store, room)
            if isinstance(error, TimeoutError):
                raise Unavailable from None
            raise
        return offer, apart

    async def _apart_with(self, room: Room, member: Member) -> Apart:
        """A tutor is kept apart from nobody. Raises Unavailable."""
        if not member.is_person:
            return room.apart
        return await self._keep_apart.with_arriving(room, member.user.id)

    def _require_waiting(self, attempt: _Attempt, room: Room) -> None:
        """Raises Unavailable, AlreadyJoined, Unauthenticated."""
        if attempt.is_over:
            raise Unavailable
        if not attempt.joiner.may_join():
            raise Unauthenticated
        self._require_free(attempt.joiner.connection_id, room)

    def _require_free(self, connection_id: str, room: Room) -> None:
        """Raises AlreadyJoined if the connection has a seat in another room."""
        place = self._rooms.find_connection(connection_id)
        if place is not None and place.room is not room:
            raise AlreadyJoined

    async def _store_host(self, room: Room) -> None:
        """After a join that gave the room a new host: the joining client does not wait for this."""
        await self._persistence.flush(room, [ROOM], required=False)

    async def _store(self, room: Room) -> None:
        await self._persistence.flush(room, required=False)

    async def _leave(self, connection_id: str) -> None:
        place = self._rooms.place_of(connection_id)
        await self.remove(place.room, place.member, LeftReason.LEFT)

    async def _sign_out(self, room: Room, member: Member, connection_ids: Collection[str]) -> None:
        if room.has(member) and _belongs_to(member, connection_ids):
            await self.remove(room, member, LeftReason.LEFT)

    async def _hold(self, place: Place, connection_id: str, now: float) -> None:
        room, member = place.room, place.member
        if member.connection_id == connection_id:
            self._effects.apply(room, hold_seat(room, member, now))
            _log.info("seat held", extra={"room_id": room.id, "participant_id": member.id})

    async def _page_closed(self, room: Room, resume_token: str, now: float) -> None:
        """Checks again: the page may have joined again meanwhile, with another token."""
        member = room.seat_of_token(resume_token)
        if member is not None:
            self._effects.apply(room, page_closed(room, member, now))
            _log.info("page closed", extra={"room_id": room.id, "participant_id": member.id})

    async def _user(self, joiner: Joiner, room_id: str) -> User:
        if joiner.is_tutor:
            return tutor_user(room_id)
        user = await self._users.get_user(joiner.user_id)
        if user is None:
            raise UserNotFound
        return user

    def _snapshot_fields(self, room: Room, member: Member, connection_id: str) -> dict[str, Any]:
        is_leading = room.is_leading(member.user.id)
        return {
            "participant_id": member.id,
            "seq": self._event_sink.mark(connection_id),
            "room": room.view_for(member.user.id),
            "slots": slot_states(member.slots),
            "knocks": knocker_views(knocks_for(room, member.user.id)) if is_leading else [],
            "chat": [chat_view(line) for line in room.chat_for(member)],
            "club": club_view(room.info.club, self._wall_clock()),
        }


def _belongs_to(member: Member, connection_ids: Collection[str]) -> bool:
    """Whether the seat has one of these connections, or none."""
    return member.connection_id is None or member.connection_id in connection_ids

"""Topics and turns of a room, set by the host and co-hosts. Every action raises NotJoined and Unavailable."""

from __future__ import annotations

from dataclasses import replace

from server.errors import InvalidRequest
from server.protocol.club import NextTurn, SetTopics, ShowTopic, StartTurns
from server.protocol.entities import RoomType
from server.protocol.field_errors import wrong_field
from server.protocol.rooms import ClubUpdated, Empty, HandLowered, Ok
from server.rooms.changes import ROOM, Changes, Dirty
from server.rooms.club import Club, Present, Turns, next_turn, settled, with_topics
from server.rooms.effects import Effects
from server.rooms.entrance import require_voice
from server.rooms.hands import lower_hand, raised
from server.rooms.ports import CleanText, WallClock, as_it_is
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms, Place, as_cohost, in_room
from server.rooms.views import club_view


class ClubActions:
    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        wall_clock: WallClock,
        clean_text: CleanText = as_it_is,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._wall_clock = wall_clock
        self._clean_text = clean_text

    @as_cohost
    async def set_topics(self, place: Place, payload: SetTopics) -> Ok:
        """Raises NotCohost, MutedByModerator, InvalidRequest."""
        room = place.room
        require_voice(place.member, self._wall_clock())
        topics = payload.topics
        if room.info.type is not RoomType.AI:
            topics = [self._clean_text(topic, f"topics.{index}") for index, topic in enumerate(topics)]
        return await self._change(room, with_topics(room.info.club, topics))

    @as_cohost
    async def show_topic(self, place: Place, payload: ShowTopic) -> Ok:
        """Raises NotCohost, InvalidRequest."""
        club = place.room.info.club
        if payload.index is not None and payload.index >= len(club.topics):
            rule = f"must be less than {len(club.topics)}, the length of the list"
            raise InvalidRequest(errors=[wrong_field("index", rule, "out_of_range")])
        return await self._change(place.room, replace(club, current=payload.index))

    @as_cohost
    async def start_turns(self, place: Place, payload: StartTurns) -> Ok:
        """Raises NotCohost."""
        room = place.room
        before = room.info.club.turns
        number = before.number if before is not None else 0  # so that a late click ends no turn of these
        turns = Turns(payload.order, payload.seconds, number)
        begun = next_turn(turns, present_in(room), self._wall_clock())
        return await self._change(room, replace(room.info.club, turns=begun))

    @in_room
    async def next_turn(self, place: Place, payload: NextTurn) -> Ok:
        """Raises NotCohost for all but the host, co-hosts and the person whose turn it is."""
        room = place.room
        turns = room.info.club.turns
        if turns is None or turns.number != payload.number:
            return Ok()
        if turns.speaker != place.member.id:
            room.require_cohost(place.member.user.id)
        after = next_turn(turns, present_in(room), self._wall_clock())
        return await self._change(room, replace(room.info.club, turns=after))

    @as_cohost
    async def stop_turns(self, place: Place, _payload: Empty) -> Ok:
        """Raises NotCohost."""
        return await self._change(place.room, replace(place.room.info.club, turns=None))

    async def _change(self, room: Room, club: Club) -> Ok:
        await self._effects.commit(room, set_club(room, club, self._wall_clock()))
        return Ok()


def settle_turns(room: Room, wall_now: float) -> Changes:
    """Begin the next turn where one has no speaker any more. Call it often."""
    club = room.info.club
    if club.turns is None:
        return []
    return set_club(room, settled(club, present_in(room), wall_now), wall_now)


def set_club(room: Room, club: Club, wall_now: float) -> Changes:
    """A hand goes down when its owner's turn begins; only they open their microphone."""
    before = room.info.club
    if club == before:
        return []
    room.info = replace(room.info, club=club)
    changes: Changes = [room.to_people(ClubUpdated(club=club_view(club, wall_now))), Dirty(ROOM)]
    speaker = club.turns.speaker if club.turns is not None else None
    if speaker is not None and club.turns != before.turns and speaker in room.members:
        changes += lower_hand(room, room.members[speaker], HandLowered.FLOOR)
    return changes


def present_in(room: Room) -> Present:
    here = [m.id for m in room.people if m.connection_id is not None]
    hands = [m.id for m in raised(room) if m.connection_id is not None]
    return Present([m.id for m in room.people], here, hands)

"""The rooms that are open on this node, and the ways to find one: by id, by seat, by connection."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from server.errors import NotJoined, RoomNotFound
from server.rooms.mailbox import Mailbox
from server.rooms.room import Member, Room


@dataclass(frozen=True, slots=True)
class OpenRoom:
    room: Room
    mailbox: Mailbox


class OpenRooms:
    def __init__(self) -> None:
        self._rooms: dict[str, OpenRoom] = {}
        self._by_seat: dict[str, OpenRoom] = {}
        self._by_connection: dict[str, tuple[OpenRoom, Member]] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    def all(self) -> Collection[OpenRoom]:
        return list(self._rooms.values())

    def open(self, room: Room) -> OpenRoom:
        opened = self._rooms[room.id] = OpenRoom(room, Mailbox(room.id))
        for member in room.members.values():
            self._by_seat[member.id] = opened
        return opened

    def close(self, room: Room) -> None:
        """Forget the room, its seats and connections; its mailbox ends after what it is doing."""
        opened = self._rooms.pop(room.id, None)
        if opened is None:
            return
        for member in room.members.values():
            self.unseat(member)
        opened.mailbox.stop()

    def get(self, room_id: str) -> OpenRoom:
        """Raises RoomNotFound."""
        try:
            return self._rooms[room_id]
        except KeyError:
            raise RoomNotFound from None

    def find(self, room_id: str) -> OpenRoom | None:
        return self._rooms.get(room_id)

    def find_seat(self, participant_id: str) -> tuple[OpenRoom, Member] | None:
        opened = self._by_seat.get(participant_id)
        if opened is None:
            return None
        return opened, opened.room.members[participant_id]

    def find_connection(self, connection_id: str) -> tuple[OpenRoom, Member] | None:
        return self._by_connection.get(connection_id)

    def place_of(self, connection_id: str) -> tuple[OpenRoom, Member]:
        """Raises NotJoined."""
        try:
            return self._by_connection[connection_id]
        except KeyError:
            raise NotJoined from None

    def seat(self, opened: OpenRoom, member: Member) -> None:
        self._by_seat[member.id] = opened

    def bind(self, opened: OpenRoom, member: Member, connection_id: str) -> None:
        """From now on the connection speaks for the member, and no other does."""
        self.unbind(member)
        member.connection_id = connection_id
        self._by_connection[connection_id] = (opened, member)

    def unbind(self, member: Member) -> None:
        if member.connection_id is not None:
            self._by_connection.pop(member.connection_id, None)
            member.connection_id = None

    def unseat(self, member: Member) -> None:
        self.unbind(member)
        self._by_seat.pop(member.id, None)

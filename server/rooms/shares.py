"""Shares of rooms and tutors by address and account, so that nobody takes all of them.

Accounts are free, so that a limit by account alone limits nobody. Behind one address may be a whole class, so
that its share is wide. What the store restores counts to nobody's address: addresses are not stored.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from server.common.shared_limiter import SharedBuckets, SharedLimiter
from server.common.token_bucket import KeyedLimiter
from server.errors import TooManyRoomsFromNetwork, TooManyTutors, TooManyTutorsFromNetwork
from server.rooms.claims import SharedClaims
from server.rooms.model import Claim
from server.rooms.ports import RoomsSettings
from server.rooms.room import Room

_NETWORK_PART, _NETWORK_LEAST = 8, 20
"""One network may have an eighth of the rooms that others leave, so that the first few cannot take all (22
can); and in any case 20, for servers of one school."""


class RoomShares:
    """Rooms by the address and the network that opened them: how many are open; and how many an hour. Those
    of an address count over all servers; a network's share is of this server's rooms."""

    def __init__(
        self, settings: RoomsSettings, elsewhere: SharedClaims, buckets: SharedBuckets | None = None
    ) -> None:
        self._max_rooms = settings.max_rooms
        self._max_open = settings.max_rooms_per_address
        self._elsewhere = elsewhere
        per_hour = settings.new_rooms_per_address
        hourly = KeyedLimiter.hourly(per_hour) if per_hour > 0 else None
        self._hourly = SharedLimiter("room", hourly, buckets) if hourly is not None else None

    def publish(self, own: Mapping[str, Claim], now: float) -> None:
        """As `SharedClaims.publish`."""
        self._elsewhere.publish(own, now)

    def check(self, claim: Claim, rooms: Mapping[Claim | None, int]) -> None:
        """`rooms`: how many this server has by claim. Raises TooManyRoomsFromNetwork."""
        address = claim.address
        if not address or self._max_open == 0:
            return
        here = sum(n for c, n in rooms.items() if c is not None and c.address == address)
        if here + self._elsewhere.of_address(address) >= self._max_open:
            raise _too_many_rooms(self._max_open)
        of_network = sum(n for c, n in rooms.items() if c is not None and c.network == claim.network)
        left_by_others = self._max_rooms - (sum(rooms.values()) - of_network)
        if of_network >= max(_NETWORK_LEAST, left_by_others // _NETWORK_PART):
            raise _too_many_rooms(of_network)

    async def count_new(self, claim: Claim, now: float) -> None:
        """Count a new room of the address in this hour. Raises TooManyRoomsFromNetwork."""
        if not claim.address or self._hourly is None:
            return
        if (wait := await self._hourly.take(claim.address, now)) > 0:
            raise TooManyRoomsFromNetwork(
                "Your network has opened many rooms within an hour. Join one of them, or try again later.",
                retryAfter=math.ceil(wait),
            )


def _too_many_rooms(maximum: int) -> TooManyRoomsFromNetwork:
    return TooManyRoomsFromNetwork(
        f"Your network already has {maximum} rooms open, the maximum. Join one of them, or try again later."
    )


class TutorShares:
    """Tutors at work, by the account and the address that called them, over all servers."""

    def __init__(self, settings: RoomsSettings, elsewhere: SharedClaims) -> None:
        self._elsewhere = elsewhere
        self._max_of_user = settings.max_tutors_per_user
        self._max_of_address = settings.max_tutors_per_address
        self._by_room: dict[str, Claim] = {}
        self._of_user: Counter[str] = Counter()
        self._of_address: Counter[str] = Counter()

    def add(self, room_id: str, claim: Claim) -> None:
        """The room's tutor has begun to work."""
        self._by_room[room_id] = claim
        self._of_user[claim.user_id] += 1
        self._of_address[claim.address] += 1

    def drop(self, room_id: str) -> None:
        claim = self._by_room.pop(room_id)
        self._of_user[claim.user_id] -= 1
        self._of_address[claim.address] -= 1
        self._of_user += Counter()  # drops the zeros
        self._of_address += Counter()

    def publish(self, now: float) -> None:
        """Let the other servers count the tutors of this one. Call it often."""
        self._elsewhere.publish(self._by_room, now)

    def check(self, claim: Claim) -> None:
        """Raises TooManyTutors, TooManyTutorsFromNetwork if one more would be too many."""
        of_user = self._of_user[claim.user_id] + self._elsewhere.of_user(claim.user_id)
        if 0 < self._max_of_user <= of_user:
            raise TooManyTutors(
                f"You already have {self._max_of_user} tutors at work, the maximum. Let one of them go first."
            )
        of_address = self._of_address[claim.address] + self._elsewhere.of_address(claim.address)
        if claim.address and 0 < self._max_of_address <= of_address:
            raise TooManyTutorsFromNetwork(
                f"Your network already has {self._max_of_address} tutors at work, the maximum. Try again when"
                " one of them has left."
            )


def claim_of_tutor(room: Room) -> Claim:
    """Whoever called the tutor; the host of a room that was restored."""
    return room.tutor_claim or Claim(room.info.host_id)

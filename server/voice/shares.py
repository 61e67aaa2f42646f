"""Shares of the places for voice sessions by account, address and network, so that nobody takes all of them.

Accounts are free, so that a limit by account alone limits nobody. Behind one address may be a whole class, so
that its share is wide.
"""

from __future__ import annotations

from collections.abc import Iterable

from server.protocol.voice.base import TRY_LATER
from server.rooms.claims import SharedClaims
from server.rooms.model import Claim
from server.voice.admission import Refused
from server.voice.settings import VoiceSettings

VOICES_TOPIC = "claims.voices"
_NETWORK_PART = 8
"""One network may have an eighth of the places that others leave, as of rooms (`server/rooms/shares.py`), and
in any case what one address may have: a network has many addresses, of IPv6 without number."""


class VoiceShares:
    """The connections of clients, from their first moment: one that has not said who it is has a place, too.
    Those of an account and an address count over all servers; a network's share is of this server's
    places."""

    def __init__(self, settings: VoiceSettings, elsewhere: SharedClaims) -> None:
        self._settings = settings
        self._elsewhere = elsewhere
        self._claims: dict[str, Claim] = {}

    def __len__(self) -> int:
        return len(self._claims)

    def add(self, place_id: str, claim: Claim) -> None:
        """`claim`: still without an account. Raises Refused."""
        settings = self._settings
        if len(self._claims) >= settings.connections:
            raise _refused("Too many people are connected. Try again later.")
        most = settings.per_address
        if most and self._of_address(claim.address) >= most:
            raise _refused(_NETWORK.format(most=most))
        of_network = _count(claim.network == other.network for other in self._claims.values())
        left_by_others = settings.connections - (len(self._claims) - of_network)
        most_of_network = max(most, left_by_others // _NETWORK_PART)
        if most and of_network >= most_of_network:
            raise _refused(_NETWORK.format(most=most_of_network))
        self._claims[place_id] = claim

    def own(self, place_id: str, user_id: str) -> None:
        """The place is the account's. Raises Refused."""
        most = self._settings.per_user
        here = _count(user_id == other.user_id for other in self._claims.values())
        if most and here + self._elsewhere.of_user(user_id) >= most:
            raise _refused(f"You have {most} voice sessions open, the maximum.")
        claim = self._claims[place_id]
        self._claims[place_id] = Claim(user_id, claim.address, claim.network)

    def drop(self, place_id: str) -> None:
        """Idempotent."""
        self._claims.pop(place_id, None)

    def publish(self, now: float) -> None:
        """Let the other servers count the places of this one. Call it often."""
        self._elsewhere.publish(self._claims, now)

    def _of_address(self, address: str) -> int:
        here = _count(address == other.address for other in self._claims.values())
        return here + self._elsewhere.of_address(address)


_NETWORK = (
    "Your network already has {most} voice sessions open, the maximum. Try again when one of them has ended."
)


def _refused(text: str) -> Refused:
    return Refused("too_many_requests", text, TRY_LATER)


def _count(which: Iterable[bool]) -> int:
    return sum(which)

"""Keeps banned people out: at sign-in, at each request of a session, and before a new profile is made."""

from __future__ import annotations

from collections.abc import Callable

from server.errors import Banned
from server.moderation.model import FoundBan, marks_of
from server.moderation.ports import SanctionStore
from server.moderation.views import ban_notice
from server.protocol.moderation import BanScope
from server.rooms.model import Origin


class Gate:
    """`clock` is seconds since the epoch. `contact`: of the people who run this server."""

    def __init__(self, store: SanctionStore, clock: Callable[[], float], contact: str = "") -> None:
        self._store = store
        self._clock = clock
        self._contact = contact

    async def require_new(self, origin: Origin) -> None:
        """Before a new profile is made. Raises Banned for the device or the address, Unavailable."""
        await self._require("", origin, "", address=origin.address)

    async def require(self, user_id: str, origin: Origin, device: str = "") -> None:
        """Raises Banned for the account or a device, Unavailable.

        The account of a ban leaves marks where it tries to come back, so that a new profile there is refused
        too. But not in the browser of somebody else, whom the person may have told to try their sign-in.
        """
        await self._require(user_id, origin, device, address="")

    async def _require(self, user_id: str, origin: Origin, device: str, *, address: str) -> None:
        now = self._clock()
        devices = {origin.device, device} - {""}
        found = await self._store.find_ban(user_id, devices, now, address=address)
        if found is None:
            return
        if found.scope is BanScope.ACCOUNT:
            marks = marks_of(found.sanction, origin, now)
            await self._store.add_marks(found.sanction.id, marks, spares_others=True)
        raise self._refusal(found)

    def _refusal(self, found: FoundBan) -> Banned:
        return Banned(ban=ban_notice(found, self._contact).wire())

"""Bans of a room: whom they keep out, and who has to knock because of one. Pure.

A ban holds for the person's account and for their browser. For their address it holds softly, because many
people share one: accounts that were made from it after the ban must knock, for an hour. Older accounts are
not affected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.rooms.model import Ban, Origin, User

ADDRESS_HOLDS_S = 3_600.0
MAX_BANS = 500
"""Bounds the record of a room; beyond, the oldest bans end."""

Bans = tuple[Ban, ...]


def with_ban(bans: Bans, ban: Ban) -> Bans:
    return (*bans[1 - MAX_BANS :], ban)


def without_ban(bans: Bans, ban_id: str) -> Bans:
    return tuple(ban for ban in bans if ban.id != ban_id)


def is_banned(bans: Sequence[Ban], user_id: str) -> bool:
    return any(ban.user_id == user_id for ban in bans)


def is_banned_device(bans: Sequence[Ban], origin: Origin) -> bool:
    return origin.device != "" and any(ban.device == origin.device for ban in bans)


def is_from_banned_address(bans: Sequence[Ban], user: User, origin: Origin) -> bool:
    """Whether the account was made after a ban, from its address."""
    return origin.address != "" and any(
        ban.address == origin.address and user.created_at >= ban.at for ban in bans
    )


def with_origin(bans: Bans, user_id: str, origin: Origin) -> Bans:
    """The banned user has come back: what was not known of their browser and address at the ban is known now.
    After a restart of the server a person may be removed before they have reconnected."""
    return tuple(
        replace(ban, device=ban.device or origin.device, address=ban.address or origin.address)
        if ban.user_id == user_id and not ban.device
        else ban
        for ban in bans
    )


def without_old_addresses(bans: Bans, wall_now: float) -> Bans:
    """Addresses are kept no longer than they count."""
    return tuple(
        replace(ban, address="") if ban.address and wall_now >= ban.at + ADDRESS_HOLDS_S else ban
        for ban in bans
    )

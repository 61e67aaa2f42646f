"""Who may do what: pure questions about a room and a user. Each raises the error that says no."""

from __future__ import annotations

import hmac

from server.errors import InviteInvalid, NotHost, RemovedFromRoom
from server.rooms.model import RoomInfo, RoomType


def require_host(info: RoomInfo, user_id: str) -> None:
    """Raises NotHost."""
    if user_id != info.host_id:
        raise NotHost


def require_access(info: RoomInfo, user_id: str, invite: str | None, *, is_seated: bool) -> None:
    """May the user see the room and ask for a seat? Raises RemovedFromRoom, InviteInvalid."""
    if user_id in info.banned:
        raise RemovedFromRoom
    if info.type is not RoomType.PRIVATE or is_seated or user_id == info.host_id:
        return
    if invite is None or not hmac.compare_digest(invite.encode(), info.invite.encode()):
        raise InviteInvalid

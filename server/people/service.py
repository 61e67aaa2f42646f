"""All of people that the REST handlers use. The composition root fills it."""

from __future__ import annotations

from dataclasses import dataclass

from server.people.blocks import Blocks
from server.people.changes import PeopleChanges
from server.people.follows import Follows
from server.people.hidden import HiddenPeople
from server.people.invitations import Invitations
from server.people.lists import Lists
from server.people.meetings import Meetings
from server.people.presence import FriendPresence
from server.people.views import PeopleViews


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    blocks: Blocks
    hidden: HiddenPeople
    follows: Follows
    lists: Lists
    meetings: Meetings
    invitations: Invitations
    presence: FriendPresence
    changes: PeopleChanges
    views: PeopleViews

    def start(self) -> None:
        self.meetings.start()
        self.presence.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self.meetings.aclose()
        await self.presence.aclose()
        await self.hidden.aclose()
        self.changes.close()

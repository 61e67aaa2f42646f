"""A moderator of a real server, made by the command line, as the first one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.moderation.__main__ import run
from tests.fakes.rtc import RestClient


@dataclass
class Moderator:
    """Uses REST as the moderators' page does."""

    rest: RestClient
    token: str

    async def decide(self, kind: str, target_id: str, **fields: Any) -> None:
        body = {"kind": kind, "targetId": target_id, "reason": "insults", **fields}
        await self.rest.request("POST", "/api/moderation/sanctions", self.token, body)

    async def undo(self) -> None:
        """The newest decision that holds."""
        page = await self.rest.request("GET", "/api/moderation/sanctions?state=active", self.token)
        path = f"/api/moderation/sanctions/{page['items'][0]['id']}/undo"
        await self.rest.request("POST", path, self.token, {})

    async def reports(self) -> list[dict[str, Any]]:
        page = await self.rest.request("GET", "/api/moderation/reports", self.token)
        return [
            await self.rest.request("GET", f"/api/moderation/reports/{row['id']}", self.token)
            for row in page["items"]
        ]

    async def log(self) -> list[dict[str, Any]]:
        """Newest first."""
        page = await self.rest.request("GET", "/api/moderation/log?limit=50", self.token)
        found: list[dict[str, Any]] = page["items"]
        return found


async def moderator(rest: RestClient, database_url: str) -> Moderator:
    """`database_url`: of the server that `rest` asks."""
    token = await rest.guest("Mod")
    await run(database_url, "grant", await user_id(rest, token))
    return Moderator(rest, token)


async def user_id(rest: RestClient, token: str) -> str:
    return str((await rest.request("GET", "/api/users/me", token))["id"])

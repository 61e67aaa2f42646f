"""A learner alone with the tutor, in a room that several servers may have."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.cluster import Cluster
from tests.fakes.roaming import Person
from tests.fakes.rtc import Clip, Pacer, RestClient, silence_clip
from tests.fakes.rtc.client import Refused


class Talk:
    """Call `begin`, at last `aclose`. `clip`: what she says."""

    def __init__(self, cluster: Cluster, pacer: Pacer, clip: Clip | None = None) -> None:
        self._clip = clip or silence_clip(60)
        self._cluster = cluster
        self._pacer = pacer
        self._token = ""
        self.room_id = ""
        self.person = Person(cluster, pacer, "", None)

    async def begin(self, node: str) -> None:
        """In a new room of that server."""
        async with RestClient(self._cluster.nodes[node].url) as rest:
            self._token = await rest.guest("Ann", learningLevel="B1")
            self.room_id = (await rest.create_room(self._token, type="ai"))["id"]
        self.person = Person(self._cluster, self._pacer, self._token, self._clip)
        await self.person.join(self.room_id)
        await self.person.rtc.set_muted(False)

    async def aclose(self) -> None:
        await self.person.aclose()

    @property
    def node(self) -> str:
        return self.person.node_id.partition("-")[0]

    def status(self) -> str:
        """Of the tutor, as her client knows it."""
        rtc = self.person.rtc
        rooms = [event.data["room"] for event in rtc.events if event.name == "room_updated"]
        return str(([rtc.joined["room"], *rooms][-1].get("tutor") or {}).get("status"))

    def packets(self) -> int:
        """Of the tutor's voice on her present connection."""
        rtc = self.person.rtc
        people: list[dict[str, Any]] = [*rtc.joined["room"]["participants"]]
        people += [event.data["participant"] for event in rtc.events if event.name == "participant_joined"]
        tutors = {each["id"] for each in people if each["kind"] == "tutor"}
        mids = [mid for mid, who in rtc.slots.items() if who in tutors]
        return sum(rtc.receiver.by_mid[mid].packets for mid in mids if mid in rtc.receiver.by_mid)

    async def wait_ready(self, within_s: float) -> None:
        """Raises TimeoutError."""
        await self.wait_status("ready", within_s)

    async def wait_status(self, status: str, within_s: float) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while self.status() != status:  # noqa: ASYNC110 - on whichever connection
                await asyncio.sleep(0.02)

    async def wait_moved(self, within_s: float) -> None:
        """Wait until her client has come back once. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while not self.person.returns:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
        self.person.returns = 0

    async def say(self, text: str, within_s: float) -> None:
        """Type words, again while the server changes. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while True:
                try:
                    await self.person.rtc.call("say", {"text": text}, within=1.0)
                except (Refused, TimeoutError, OSError):
                    await asyncio.sleep(0.05)
                else:
                    return

    async def hear(self, packets: int, within_s: float) -> None:
        """Wait for that many more packets of the tutor's voice. Raises TimeoutError."""
        rtc, before = self.person.rtc, self.packets()
        async with asyncio.timeout(within_s):
            while self.packets() - before < packets:
                if self.person.rtc is not rtc:
                    rtc, before = self.person.rtc, 0
                await asyncio.sleep(0.02)

    async def wait_stored(self, role: str, count: int, within_s: float) -> None:
        """Wait for so many messages of that role. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while sum(message["role"] == role for message in await self.messages()) < count:  # noqa: ASYNC110 - REST
                await asyncio.sleep(0.1)

    async def messages(self) -> list[dict[str, Any]]:
        """Of her conversation, as stored."""
        (talk,) = (await self._cluster.ask("GET", "/api/conversations", self._token))["items"]
        found = await self._cluster.ask("GET", f"/api/conversations/{talk['id']}", self._token)
        return list(found["messages"])

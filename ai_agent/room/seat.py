"""The tutor's seat in a room: taken, kept over lost connections, given up. One task runs all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from ai_agent.audio import Pcm
from ai_agent.errors import ServerLost
from ai_agent.room.engine import parse_offer
from ai_agent.room.hearing import Ear
from ai_agent.room.pacer import pace
from ai_agent.room.peer import Peer
from ai_agent.room.signalling import Refused, RoomSignalling

_log = structlog.get_logger(__name__)

RETRY_S = (0.0, 0.3, 1.2, 2.7, 4.8, 4.8, 4.8, 4.8)
"""Between attempts; a seat is kept for 30 s."""
GOODBYE_S = 1.0
UNHEARD_S = 1.5
"""The server reports every second: more of our voice than this without a word from it went nowhere."""
_MAX_HAPPENINGS = 200
_FATAL = frozenset({"removed", "room_closed"})


class Loop(Protocol):
    """What the seat needs of a dialogue (DialoguePort)."""

    def push_audio(self, learner_id: str, pcm: Pcm, now: float) -> None: ...

    def pause_audio(self, learner_id: str, now: float) -> None: ...

    def tick(self, now: float) -> Pcm | None: ...

    def rewind(self, seconds: float) -> None: ...


class RoomOver(Exception):
    """There is no seat for us any more: the room closed, or we were removed. The reason is the wire's."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where to go: `token` signs us in, `invite` opens a private room."""

    server_url: str
    room_id: str
    token: str
    invite: str | None


class Seat:
    """`async with Seat(...) as seat: await seat.run()`.

    `on_ready` is awaited once, before the first sound passes either way.
    """

    def __init__(self, invitation: Invitation, loop: Loop, on_ready: Callable[[], Awaitable[None]]) -> None:
        self._invitation = invitation
        self._dialogue = loop
        self._on_ready = on_ready
        self._signalling: RoomSignalling | None = None
        self._peer: Peer | None = None
        self._resume_token: str | None = None
        self._happened: asyncio.Queue[tuple[str, Mapping[str, Any]]] = asyncio.Queue(_MAX_HAPPENINGS)
        self._carried: dict[str, str | None] = {}
        self._is_ready = False

    async def __aenter__(self) -> Seat:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def run(self) -> None:
        """Takes the seat and keeps it.

        Raises, in a group: RoomOver when there is none to keep, ServerLost when it was lost for too long.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(pace(self._beat))
            tasks.create_task(self._keep_seat())

    async def aclose(self) -> None:
        """Gives the seat up. Idempotent."""
        signalling, self._signalling = self._signalling, None
        if signalling is not None:
            with suppress(ServerLost, TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await signalling.call("leave", {})
            await signalling.aclose()
        await self._drop_peer()

    async def _keep_seat(self) -> None:
        while True:
            await self._take_seat_patiently()
            with suppress(ServerLost):
                await self._attend()

    async def _take_seat_patiently(self) -> None:
        error: Exception | None = None
        for pause in RETRY_S:
            await asyncio.sleep(pause)
            try:
                await self._take_seat()
            except Refused as refusal:
                if self._resume_token is not None and refusal.code in _GONE:
                    raise RoomOver(refusal.code) from refusal
                if refusal.code not in _PASSING:
                    raise
                error = refusal
            except (ServerLost, ConnectionError, ValueError) as lost:
                _log.info("seat not taken", error=str(lost))
                error = lost
            else:
                return
        raise ServerLost(f"the seat was lost: {error}")

    async def _take_seat(self) -> None:
        await self._hang_up()
        signalling = RoomSignalling(self._invitation.server_url, self._invitation.token, self._note)
        self._signalling = signalling
        await signalling.connect()
        joined = await signalling.call("join", self._join_payload())
        is_new = self._resume_token is None
        self._resume_token = str(joined["resumeToken"])
        signalling.counted(int(joined["seq"]))
        self._take_slots(joined["slots"])
        await self._connect_media(signalling, joined["offer"])
        if is_new:
            # Only in a new seat: a tutor that somebody muted later stays muted. If the host's settings mute
            # the tutor, the server ignores this.
            await signalling.call("set_muted", {"muted": False})
        if not self._is_ready:
            await self._on_ready()
            self._is_ready = True
            self._assign()

    def _join_payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = {"roomId": self._invitation.room_id}
        if self._resume_token is not None:
            payload["resumeToken"] = self._resume_token
        if self._invitation.invite is not None:
            payload["invite"] = self._invitation.invite
        return payload

    async def _connect_media(self, signalling: RoomSignalling, offer: Mapping[str, Any]) -> None:
        """The new connection stands before the old one goes."""
        peer = Peer(parse_offer(str(offer["sdp"])), self._ear_of, lambda: self._note("lost", {}))
        try:
            if self._is_ready:
                peer.assign(self._carried)
            await signalling.call("answer", {"offerId": offer["id"], "sdp": await peer.answer()})
            await peer.connect()
        except BaseException:
            await peer.aclose()
            raise
        before = self._peer
        await self._drop_peer()
        self._peer = peer
        if before is not None and before.unheard_s > UNHEARD_S:
            self._dialogue.rewind(before.unheard_s)

    async def _attend(self) -> None:
        """Until the socket is lost."""
        while self._signalling is not None:
            name, data = await self._happened.get()
            if name == "disconnect":
                raise ServerLost("the signalling connection was lost")
            if name == "gap":
                await self._sync(self._signalling)
            elif name in _FATAL:
                raise RoomOver(str(data.get("reason", name)))
            elif name == "media_offer":
                self._take_slots(data["slots"])
                await self._connect_or_ask(self._signalling, data["offer"])
            elif name == "lost" and self._peer is not None and self._peer.is_lost:
                await self._connect_or_ask(self._signalling, None)

    async def _connect_or_ask(self, signalling: RoomSignalling, offer: Mapping[str, Any] | None) -> None:
        """Raises ServerLost if that does not help either: then the seat is taken again from the start."""
        try:
            if offer is None:
                answer = await signalling.call("reconnect_media", {"mode": "full"})
                self._take_slots(answer["slots"])
                offer = answer["offer"]
            await self._connect_media(signalling, offer)
        except (ConnectionError, ValueError) as error:
            raise ServerLost(str(error)) from error

    async def _sync(self, signalling: RoomSignalling) -> None:
        snapshot = await signalling.call("sync", {})
        signalling.counted(int(snapshot["seq"]))
        self._take_slots(snapshot["slots"])

    def _note(self, name: str, data: Mapping[str, Any]) -> None:
        """Called by the socket. Slots change at once; the rest is for our own task."""
        if name == "slots":
            self._take_slots(data["slots"])
        elif name in _ATTENDED:
            with suppress(asyncio.QueueFull):
                self._happened.put_nowait((name, data))

    def _take_slots(self, slots: list[Mapping[str, Any]]) -> None:
        self._carried = {str(slot["mid"]): slot["participantId"] for slot in slots}
        self._assign()

    def _assign(self) -> None:
        if self._peer is not None and self._is_ready:
            self._peer.assign(self._carried)

    def _beat(self, now: float, periods: int) -> None:
        peer = self._peer
        if peer is not None and self._is_ready and not peer.is_lost:
            peer.beat(self._dialogue.tick(now), now, periods)

    def _ear_of(self, participant_id: str) -> Ear:
        return _DialogueEar(self._dialogue, participant_id)

    async def _hang_up(self) -> None:
        signalling, self._signalling = self._signalling, None
        if signalling is not None:
            await signalling.aclose()
        while not self._happened.empty():
            self._happened.get_nowait()

    async def _drop_peer(self) -> None:
        peer, self._peer = self._peer, None
        if peer is not None:
            await peer.aclose()


_ATTENDED = frozenset({"disconnect", "gap", "media_offer", "lost", *_FATAL})
_PASSING = frozenset({"unavailable", "too_many_requests", "media_failed"})
"""Codes of refusals after which the same request may succeed."""
_GONE = frozenset({"room_not_found", "room_closed", "removed_from_room"})
"""Codes that mean the end for somebody who had a seat: its news and the loss of the media race each other."""


class _DialogueEar:
    def __init__(self, dialogue: Loop, participant_id: str) -> None:
        self._dialogue = dialogue
        self._participant_id = participant_id

    def hear(self, pcm: Pcm, now: float) -> None:
        self._dialogue.push_audio(self._participant_id, pcm, now)

    def quiet(self, now: float) -> None:
        self._dialogue.pause_audio(self._participant_id, now)

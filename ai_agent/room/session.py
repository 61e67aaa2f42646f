"""The tutor's participation in a room: join, recovery from lost connections, leave."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from ai_agent.audio import Pcm
from ai_agent.errors import ServerLost
from ai_agent.room.connection import MediaConnection
from ai_agent.room.pacer import pace
from ai_agent.room.signalling import Refused, RoomSignalling
from ai_agent.room.track_decoder import PcmSink
from ai_agent.room.transport import parse_offer

_log = logging.getLogger(__name__)

RETRY_S = (0.0, 0.3, 1.2, 2.7, 4.8, 4.8, 4.8, 4.8)
"""Delays before attempts to join; the server keeps a membership for 30 s."""
LEAVE_TIMEOUT_S = 1.0
UNCONFIRMED_S = 1.5
"""The server reports every second: more audio than this without a packet from it was lost."""
_MAX_PENDING = 200
_FINAL_EVENTS = frozenset({"removed", "room_closed"})


class DialogueAudio(Protocol):
    """The part of a `DialoguePort` that a room session drives."""

    def push_audio(self, learner_id: str, pcm: Pcm, now: float) -> None: ...

    def pause_audio(self, learner_id: str, now: float) -> None: ...

    def tick(self, now: float) -> Pcm | None: ...

    def rewind(self, seconds: float) -> None: ...


class RoomEnded(Exception):
    """The room was closed or the tutor was removed. The text is the wire's reason."""


@dataclass(frozen=True, slots=True)
class JoinParams:
    """`token`: authenticates us. `invite`: admits us to a private room."""

    server_url: str
    room_id: str
    token: str
    invite: str | None


class RoomSession:
    """`async with RoomSession(...) as session: await session.run()`.

    `on_ready` is awaited once, before the first audio passes in either direction.
    """

    def __init__(
        self, params: JoinParams, dialogue: DialogueAudio, on_ready: Callable[[], Awaitable[None]]
    ) -> None:
        self._params = params
        self._dialogue = dialogue
        self._on_ready = on_ready
        self._signalling: RoomSignalling | None = None
        self._connection: MediaConnection | None = None
        self._resume_token: str | None = None
        self._pending: asyncio.Queue[tuple[str, Mapping[str, Any]]] = asyncio.Queue(_MAX_PENDING)
        self._participants: dict[str, str | None] = {}
        self._is_ready = False

    async def __aenter__(self) -> RoomSession:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def run(self) -> None:
        """Joins and stays.

        Raises, in a group: RoomEnded, or ServerLost if the server was unreachable for too long.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(pace(self._on_tick))
            tasks.create_task(self._stay())

    async def aclose(self) -> None:
        """Leaves. Idempotent."""
        signalling, self._signalling = self._signalling, None
        if signalling is not None:
            with suppress(ServerLost, TimeoutError):
                async with asyncio.timeout(LEAVE_TIMEOUT_S):
                    await signalling.call("leave", {})
            await signalling.aclose()
        await self._close_connection()

    async def _stay(self) -> None:
        while True:
            await self._join_with_retries()
            with suppress(ServerLost):
                await self._handle_events()

    async def _join_with_retries(self) -> None:
        error: Exception | None = None
        for pause in RETRY_S:
            await asyncio.sleep(pause)
            try:
                await self._join()
            except Refused as refusal:
                if self._resume_token is not None and refusal.code in _MEMBERSHIP_ENDED:
                    raise RoomEnded(refusal.code) from refusal
                if refusal.code not in _RETRYABLE:
                    raise
                error = refusal
            except (ServerLost, ConnectionError, ValueError) as lost:
                _log.info("join failed", extra={"error": str(lost)})
                error = lost
            else:
                return
        raise ServerLost(f"the membership was lost: {error}")

    async def _join(self) -> None:
        await self._close_signalling()
        signalling = RoomSignalling(self._params.server_url, self._params.token, self._on_event)
        self._signalling = signalling
        await signalling.connect()
        joined = await signalling.call("join", self._join_payload())
        is_new = self._resume_token is None
        self._resume_token = str(joined["resumeToken"])
        signalling.set_seq(int(joined["seq"]))
        self._set_slots(joined["slots"])
        await self._connect_media(signalling, joined["offer"])
        if is_new:
            # everybody joins muted. Not repeated on a rejoin: a tutor that was muted later stays muted. If
            # the host's settings mute the tutor, the server ignores this.
            await signalling.call("set_muted", {"muted": False})
        if not self._is_ready:
            await self._on_ready()
            self._is_ready = True
            self._assign()

    def _join_payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = {"roomId": self._params.room_id}
        if self._resume_token is not None:
            payload["resumeToken"] = self._resume_token
        if self._params.invite is not None:
            payload["invite"] = self._params.invite
        return payload

    async def _connect_media(self, signalling: RoomSignalling, offer: Mapping[str, Any]) -> None:
        """The old connection is closed once the new one is established."""
        connection = MediaConnection(
            parse_offer(str(offer["sdp"])), self._sink_of, lambda: self._on_event("lost", {})
        )
        try:
            if self._is_ready:
                connection.assign(self._participants)
            await signalling.call("answer", {"offerId": offer["id"], "sdp": await connection.answer()})
            await connection.connect()
        except BaseException:
            await connection.aclose()
            raise
        before = self._connection
        await self._close_connection()
        self._connection = connection
        if before is not None and before.unconfirmed_s > UNCONFIRMED_S:
            self._dialogue.rewind(before.unconfirmed_s)

    async def _handle_events(self) -> None:
        """Run until the socket is lost, which raises ServerLost."""
        while self._signalling is not None:
            name, data = await self._pending.get()
            if name == "disconnect":
                raise ServerLost("the signalling connection was lost")
            if name == "gap":
                await self._sync(self._signalling)
            elif name in _FINAL_EVENTS:
                raise RoomEnded(str(data.get("reason", name)))
            elif name == "media_offer":
                self._set_slots(data["slots"])
                await self._reconnect_media(self._signalling, data["offer"])
            elif name == "lost" and self._connection is not None and self._connection.is_lost:
                await self._reconnect_media(self._signalling, None)

    async def _reconnect_media(self, signalling: RoomSignalling, offer: Mapping[str, Any] | None) -> None:
        """Raises ServerLost if it fails, so that the session joins again from the start."""
        try:
            if offer is None:
                answer = await signalling.call("reconnect_media", {"mode": "full"})
                self._set_slots(answer["slots"])
                offer = answer["offer"]
            await self._connect_media(signalling, offer)
        except (ConnectionError, ValueError) as error:
            raise ServerLost(str(error)) from error

    async def _sync(self, signalling: RoomSignalling) -> None:
        snapshot = await signalling.call("sync", {})
        signalling.set_seq(int(snapshot["seq"]))
        self._set_slots(snapshot["slots"])

    def _on_event(self, name: str, data: Mapping[str, Any]) -> None:
        """Called by the socket. Slots change at once, other events are queued for our own task."""
        if name == "slots":
            self._set_slots(data["slots"])
        elif name in _QUEUED_EVENTS:
            with suppress(asyncio.QueueFull):
                self._pending.put_nowait((name, data))

    def _set_slots(self, slots: list[Mapping[str, Any]]) -> None:
        self._participants = {str(slot["mid"]): slot["participantId"] for slot in slots}
        self._assign()

    def _assign(self) -> None:
        if self._connection is not None and self._is_ready:
            self._connection.assign(self._participants)

    def _on_tick(self, now: float, periods: int) -> None:
        connection = self._connection
        if connection is not None and self._is_ready and not connection.is_lost:
            connection.tick(self._dialogue.tick(now), now, periods)

    def _sink_of(self, participant_id: str) -> PcmSink:
        return _ParticipantSink(self._dialogue, participant_id)

    async def _close_signalling(self) -> None:
        signalling, self._signalling = self._signalling, None
        if signalling is not None:
            await signalling.aclose()
        while not self._pending.empty():
            self._pending.get_nowait()

    async def _close_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.aclose()


_QUEUED_EVENTS = frozenset({"disconnect", "gap", "media_offer", "lost", *_FINAL_EVENTS})
_RETRYABLE = frozenset({"unavailable", "too_many_requests", "media_failed"})
"""Error codes after which the same request may succeed."""
_MEMBERSHIP_ENDED = frozenset({"room_not_found", "room_closed", "removed_from_room"})
"""Error codes of a rejoin that mean the same as a final event, which may be lost with the connection."""


class _ParticipantSink:
    def __init__(self, dialogue: DialogueAudio, participant_id: str) -> None:
        self._dialogue = dialogue
        self._participant_id = participant_id

    def push_audio(self, pcm: Pcm, now: float) -> None:
        self._dialogue.push_audio(self._participant_id, pcm, now)

    def pause_audio(self, now: float) -> None:
        self._dialogue.pause_audio(self._participant_id, now)

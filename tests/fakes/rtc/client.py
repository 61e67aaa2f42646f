"""A complete client: signalling over Socket.IO and one media connection, as in `server/protocol`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import socketio

from server.common import rtcp
from server.protocol.rooms import SERVER_EVENTS
from tests.fakes.rtc.clips import Clip
from tests.fakes.rtc.link import Address, MediaLink, fingerprints, random_ssrc
from tests.fakes.rtc.publisher import Publisher
from tests.fakes.rtc.receiver import Receiver, SlotLog
from tests.fakes.rtc.rest import session_from
from tests.fakes.rtc.sdp import AUDIO_LEVEL_URI, AnswerParts, OfferView, build_answer, parse_offer

NAMESPACE = "/rooms"
_EVENTS = tuple(SERVER_EVENTS)
_REPORT_INTERVAL_S = 1.0
_NACK_INTERVAL_S = 0.04


class Refused(Exception):
    """The ack was `{"error": problem}`."""

    def __init__(self, event: str, problem: dict[str, Any]) -> None:
        super().__init__(f"{event}: {problem.get('code')}: {problem.get('detail')}")
        self.code = problem.get("code")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Event:
    """`at_ns`: CLOCK_REALTIME when the library delivered it."""

    name: str
    data: dict[str, Any]
    at_ns: int


@dataclass(slots=True)
class ClientOptions:
    """`microphone` False: a listener. `path`: an address that replaces the offer's candidates (a relay).

    `asks_again`: send NACKs for missing packets of the slots. `reports`: receiver and sender reports every
    second. `source`: the local address of signalling.
    """

    microphone: bool = True
    red: bool = False
    keep: bool = False
    stamps: bool = False
    asks_again: bool = False
    reports: bool = True
    path: Callable[[Address], Address] | None = None
    bind: str = "0.0.0.0"
    source: str = ""


class RtcClient:
    """`async with RtcClient(url, token) as client: await client.join(room_id)`. `url`: of the server, or the
    base of one of several (`http://host/n/n1`)."""

    def __init__(self, url: str, token: str, options: ClientOptions | None = None) -> None:
        self.url = url
        self.token = token
        self.options = options or ClientOptions()
        self.socket = socketio.AsyncClient(reconnection=False, logger=False)
        self.joined: dict[str, Any] = {}
        self.events: list[Event] = []
        self.slots: dict[str, str | None] = {}
        self.offer = OfferView()
        self.link: MediaLink | None = None
        self.receiver = Receiver({})
        self.publisher: Publisher | None = None
        self.ssrc = random_ssrc()
        self.join_sent_ns = 0
        self.media_connected_ns = 0
        self.on_event: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {}
        self._arrived = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        for name in _EVENTS:
            self.socket.on(name, self._recorder(name), namespace=NAMESPACE)

    async def __aenter__(self) -> RtcClient:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def connect(self, wait_s: float = 10) -> None:
        if self.options.source:
            self.socket.eio.http = session_from(self.options.source)
            self.socket.eio.external_http = False  # it closes the session with the connection
        base = urlsplit(self.url)
        await self.socket.connect(
            f"{base.scheme}://{base.netloc}",
            socketio_path=f"{base.path.strip('/')}/socket.io".lstrip("/"),
            auth={"token": self.token},
            namespaces=[NAMESPACE],
            transports=["websocket"],
            wait_timeout=wait_s,
        )

    async def join(
        self, room_id: str, *, clip: Clip | None = None, stamp: bool = False, **extra: object
    ) -> dict[str, Any]:
        """Join and connect media. With `clip` there is a `publisher`, which a Pacer drives."""
        self.join_sent_ns = time.time_ns()
        self.joined = await self.call("join", {"roomId": room_id, **extra})
        self.slots = {slot["mid"]: slot["participantId"] for slot in self.joined["slots"]}
        await self.connect_media(self.joined["offer"], clip=clip, stamp=stamp)
        return self.joined

    async def call(self, event: str, payload: object = None, within: float = 10.0) -> dict[str, Any]:
        """The ack of a client event. Raises Refused."""
        ack = await self.socket.call(event, {} if payload is None else payload, NAMESPACE, within)
        if not isinstance(ack, dict):
            raise TypeError(f"{event} was acked by {ack!r}")
        if "error" in ack:
            raise Refused(event, ack["error"])
        return ack

    async def set_muted(self, muted: bool) -> None:
        await self.call("set_muted", {"muted": muted})

    async def leave(self) -> None:
        await self.call("leave")

    async def connect_media(
        self, offer: dict[str, str], *, clip: Clip | None = None, stamp: bool = False
    ) -> None:
        """Answer an offer with a new connection. The one before is closed, also if the new one fails."""
        before = self.link
        try:
            await self._connect_media(offer, clip=clip, stamp=stamp)
        finally:
            if before is not None:
                await before.aclose()

    async def _connect_media(self, offer: dict[str, str], *, clip: Clip | None, stamp: bool) -> None:
        self.offer = parse_offer(offer["sdp"])
        options = self.options
        self.receiver = Receiver(self.offer.slots(), keep=options.keep, stamps=options.stamps)
        link = self.link = MediaLink(self.receiver.on_rtp, self._on_rtcp, options.bind)
        await self._answer(offer)
        async with asyncio.timeout(15):
            await link.connect(
                self._candidates(), (self.offer.ufrag, self.offer.password), self.offer.fingerprints
            )
        self.media_connected_ns = time.time_ns()
        if clip is not None:
            self.publisher = self._new_publisher(link, clip, stamp=stamp)
        elif self.publisher is not None:
            self.publisher.link = link
        self._start_reports(link)

    async def reconnect(self, mode: str) -> None:
        """`ice`: new credentials on the same connection. `full`: a new connection for the same membership."""
        answer = await self.call("reconnect_media", {"mode": mode})
        self.slots = {slot["mid"]: slot["participantId"] for slot in answer["slots"]}
        if mode == "full":
            await self.connect_media(answer["offer"])
            return
        assert self.link is not None
        self.offer = parse_offer(answer["offer"]["sdp"])
        self.link.renew_credentials()
        await self._answer(answer["offer"])
        await self.link.find_path(self._candidates(), (self.offer.ufrag, self.offer.password))

    async def wait_event(
        self, name: str, matches: Callable[[dict[str, Any]], bool] = lambda _: True, within: float = 10.0
    ) -> Event:
        """The first matching event of that name, including past ones. Raises TimeoutError."""

        def find() -> Event | None:
            return next((e for e in self.events if e.name == name and matches(e.data)), None)

        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: find() is not None)
        found = find()
        assert found is not None
        return found

    async def wait_slot(self, participant_id: str, within: float = 10.0) -> SlotLog:
        """The log of the slot that carries the participant, as soon as there is one."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: participant_id in self.slots.values())
        mid = next(mid for mid, who in self.slots.items() if who == participant_id)
        return self.receiver.by_mid[mid]

    @property
    def participant_id(self) -> str:
        return str(self.joined["participantId"])

    async def aclose(self) -> None:
        try:
            for task in list(self._tasks):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            if self.link is not None:
                await self.link.aclose()
        finally:
            await self.socket.shutdown()
            http = self.socket.eio.http  # of a connection that was refused, nobody else closes it
            if http is not None and not http.closed:
                await http.close()

    async def _answer(self, offer: dict[str, str]) -> None:
        assert self.link is not None
        parts = AnswerParts(
            ufrag=self.link.ufrag,
            password=self.link.password,
            fingerprints=fingerprints(),
            ssrc=self.ssrc if self.options.microphone else None,
            red=self.options.red,
        )
        await self.call("answer", {"offerId": offer["id"], "sdp": build_answer(self.offer, parts)})

    def _candidates(self) -> Sequence[Address]:
        path = self.options.path
        return [path(c) for c in self.offer.candidates] if path else self.offer.candidates

    def _new_publisher(self, link: MediaLink, clip: Clip, *, stamp: bool) -> Publisher:
        line = self.offer.microphone
        opus = line.payload_type("opus")
        assert opus is not None
        return Publisher(
            link,
            clip,
            ssrc=self.ssrc,
            payload_type=opus,
            level_extension=line.extensions.get(AUDIO_LEVEL_URI),
            red_payload_type=line.payload_type("red") if self.options.red else None,
            stamp=stamp,
        )

    def _on_rtcp(self, compound: bytes) -> None:
        for item in rtcp.parse(compound) or ():
            if isinstance(item, rtcp.Nack) and self.publisher is not None:
                for sequence in item.sequences:
                    self.publisher.retransmit(sequence)

    def _start_reports(self, link: MediaLink) -> None:
        for task in self._tasks:
            task.cancel()
        if self.options.reports:
            self._spawn(self._report(link))
        if self.options.asks_again:
            self._spawn(self._ask_again(link))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _report(self, link: MediaLink) -> None:
        reported: dict[int, tuple[int, int]] = {}
        while True:
            await asyncio.sleep(_REPORT_INTERVAL_S)
            if self.publisher is not None:
                link.send_rtcp(self.publisher.sender_report())
            blocks = [_block(log, reported) for log in self.receiver.slots.values() if log.highest >= 0]
            if blocks:
                link.send_rtcp(rtcp.receiver_report(self.ssrc, blocks))

    async def _ask_again(self, link: MediaLink) -> None:
        while True:
            await asyncio.sleep(_NACK_INTERVAL_S)
            for log in self.receiver.slots.values():
                missing = log.missing() if log.highest >= 0 else []
                if missing:
                    link.send_rtcp(rtcp.nack(self.ssrc, log.ssrc, missing))

    def _recorder(self, name: str) -> Callable[[dict[str, Any]], Any]:
        async def record(data: dict[str, Any]) -> None:
            self.events.append(Event(name, data, time.time_ns()))
            if name in self.on_event:
                await self.on_event[name](data)
            if name == "slots":
                self.slots = {slot["mid"]: slot["participantId"] for slot in data["slots"]}
            async with self._arrived:
                self._arrived.notify_all()

        return record


def _block(log: SlotLog, reported: dict[int, tuple[int, int]]) -> rtcp.ReportBlock:
    """Losses since the last report and in total (RFC 3550 appendix A.3)."""
    expected, lost = log.highest - log.first + 1, log.lost
    expected_before, lost_before = reported.get(log.ssrc, (0, 0))
    reported[log.ssrc] = (expected, lost)
    since = max(1, expected - expected_before)
    fraction = min(255, max(0, lost - lost_before) * 256 // since)
    return rtcp.ReportBlock(
        log.ssrc, fraction, lost, log.highest, jitter=0, last_sender_report=0, delay_since=0
    )

"""A node on loopback with its events recorded, a clock that can jump, and clients with real DTLS-SRTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType

from server.protocol.rooms import Offer
from server.rooms.ports import PeerSpec
from server.sfu import SfuNode, SfuOptions
from server.sfu.data_plane import Backend
from server.sfu.forwarding import Forwarder
from tests.fakes.rtc.link import MediaLink, fingerprints, random_ssrc
from tests.fakes.rtc.receiver import Receiver
from tests.fakes.rtc.sdp import AnswerParts, OfferView, build_answer, parse_offer
from tests.fakes.rtc.tcp_link import TcpMediaLink

SLOTS = 3
OPUS = bytes([0x78]) + bytes(40)


class Recorder:
    """`MediaEvents`, as a list of tuples."""

    def __init__(self) -> None:
        self.seen: list[tuple[object, ...]] = []
        self._news = asyncio.Event()

    def _note(self, *event: object) -> None:
        self.seen.append(event)
        self._news.set()

    def media_state(self, participant_id: str, state: str) -> None:
        self._note(participant_id, state)

    def media_lost(self, participant_id: str) -> None:
        self._note(participant_id, "lost")

    def media_failed(self, participant_id: str, *, is_carried: bool = False) -> None:
        self._note(participant_id, "replacement failed" if is_carried else "failed")

    def speaking(self, participant_id: str, speaking: bool, level: int) -> None:
        self._note(participant_id, "speaking", speaking)

    def dominant_speaker(self, room_id: str, participant_id: str | None) -> None:
        self._note(room_id, "dominant", participant_id)

    async def wait_for(self, *event: object, within: float = 10.0) -> None:
        async with asyncio.timeout(within):
            while event not in self.seen:
                self._news.clear()
                await self._news.wait()


class Client:
    """A seat's connection. `payloads`: those received, by mid, in order. `tcp`: it does not use UDP."""

    def __init__(self, rig: Rig, name: str, offer: Offer, *, tcp: bool = False) -> None:
        self.rig = rig
        self.name = name
        self.offer = offer
        self.view: OfferView = parse_offer(offer.sdp)
        self.ssrc = random_ssrc()
        self.receiver = Receiver(self.view.slots(), keep=True)
        self._news = asyncio.Event()
        self.link = (TcpMediaLink if tcp else MediaLink)(self._take, lambda _: None, bind="127.0.0.1")
        self._sequence = 100
        self.said = 0

    def _take(self, packet: bytes, arrival_ns: int) -> None:
        self.receiver.on_rtp(packet, arrival_ns)
        self._news.set()

    @property
    def candidates(self) -> list[tuple[str, int]]:
        is_tcp = isinstance(self.link, TcpMediaLink) and self.link.is_tcp
        return self.view.tcp_candidates if is_tcp else self.view.candidates

    @property
    def tcp(self) -> TcpMediaLink:
        assert isinstance(self.link, TcpMediaLink)
        return self.link

    def answer_text(self) -> str:
        parts = AnswerParts(self.link.ufrag, self.link.password, fingerprints(), self.ssrc)
        return build_answer(self.view, parts)

    async def answer(self) -> None:
        await self.rig.node.answer(self.name, self.offer.id, self.answer_text())

    async def connect(self) -> None:
        """Answer the offer and shake hands."""
        await self.answer()
        async with asyncio.timeout(10):
            await self.link.connect(
                self.candidates, (self.view.ufrag, self.view.password), self.view.fingerprints
            )
        await self.rig.events.wait_for(self.name, "connected")

    async def restart_ice(self, *, rebind: bool = False) -> None:
        self.offer = await self.rig.node.restart_ice(self.name)
        self.view = parse_offer(self.offer.sdp)
        self.link.renew_credentials()
        if rebind:
            self.link.rebind("127.0.0.1")
        await self.answer()
        async with asyncio.timeout(10):
            await self.link.find_path(self.candidates, (self.view.ufrag, self.view.password))

    def say(self, payload: bytes = OPUS) -> None:
        """One packet of 20 ms, with level -20 dBov."""
        header = bytes([0x90, 111]) + self._sequence.to_bytes(2, "big")
        header += (self._sequence * 960).to_bytes(4, "big") + self.ssrc.to_bytes(4, "big")
        self.link.send_rtp(header + b"\xbe\xde\x00\x01\x10\x94\x00\x00" + payload)
        self._sequence += 1

    async def talk(self) -> None:
        """Send numbered packets until cancelled; `said` counts them."""
        while True:
            self.say(b"%04d" % self.said)
            self.said += 1
            await asyncio.sleep(0.01)

    def payloads(self, mid: str) -> list[bytes]:
        return [packet.payload for packet in self.receiver.by_mid[mid].kept]

    async def hears(self, payload: bytes, mid: str = "1", *, said_by: Client) -> None:
        """Wait until it arrives on the slot; it is sent every 20 ms until then."""
        async with asyncio.timeout(5):
            while not any(payload in p for p in self.payloads(mid)):
                said_by.say(payload)
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), 0.02)
                except TimeoutError:
                    continue


class Rig:
    """`async with Rig() as rig`. `advance` moves the node's clock only. `backend`: see conftest.py."""

    backend: Backend = Forwarder

    def __init__(self, options: SfuOptions | None = None) -> None:
        self.events = Recorder()
        self.offset = 0.0
        self.node = SfuNode(
            options or SfuOptions(udp_host="127.0.0.1"),
            backend=type(self).backend,
            clock=lambda: time.monotonic() + self.offset,
        )
        self.clients: list[Client] = []
        self.muted: set[str] = set()
        self._numbers: dict[str, int] = {}

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.node.udp_port

    def spec(self, name: str) -> PeerSpec:
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        return PeerSpec("room", name, number, SLOTS, is_muted=name in self.muted)

    async def open(self, name: str, *, tcp: bool = False) -> Client:
        client = Client(self, name, await self.node.open(self.spec(name)), tcp=tcp)
        self.clients.append(client)
        return client

    async def connect(self, name: str, *, tcp: bool = False) -> Client:
        client = await self.open(name, tcp=tcp)
        await client.connect()
        return client

    def advance(self, seconds: float) -> None:
        self.offset += seconds
        self.node.tick(time.monotonic() + self.offset)

    async def until(self, condition: Callable[[], bool], within: float = 5.0) -> None:
        """Poll for a change that causes no event."""
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110  counters have no event
                await asyncio.sleep(0.005)

    async def __aenter__(self) -> Rig:
        await self.node.start(self.events)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self.clients:
            await client.link.aclose()
        await self.node.aclose()

"""One UDP port of a node: its socket, its routing, and the per-packet path of the rooms that are on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

from server.sfu.fastpath.forwarder import FastForwarder
from server.sfu.loop import Address, ForwardingLoop, LoopCounters, LoopEvents, LoopOptions
from server.sfu.options import SfuOptions
from server.sfu.transport.demux import Demux
from server.sfu.transport.udp import UdpSocket

Send = Callable[[bytes, Address], None]
MakeLoop = Callable[[Send, LoopEvents, LoopOptions], ForwardingLoop]


class MediaPort:
    """`open` in the running event loop, `close` at the end."""

    def __init__(
        self, options: SfuOptions, events: LoopEvents, make_loop: MakeLoop, clock: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._host = options.udp_host
        self.socket = UdpSocket(clock)
        self.loop = make_loop(
            self.socket.send, events, LoopOptions(nack=options.nack, forward_loudest=options.forward_loudest)
        )
        self._fast = self.loop if isinstance(self.loop, FastForwarder) else None
        self.demux = Demux(self.loop.receive, self.socket.send, self.socket.raw, self._fast)

    def open(self, port: int) -> None:
        """Bind and receive; port 0 takes a free one. Raises OSError."""
        if self._fast is None:
            self.socket.open(self._host, port, self.demux.deliver)
            return
        self._fast.start(self.socket.open(self._host, port), self.demux.deliver, self._clock)

    def close(self) -> None:
        """Idempotent. The thread, if there is one, lets go of the socket before it is closed."""
        if self._fast is not None:
            self._fast.stop()
        self.socket.close()

    @property
    def keeps_time(self) -> bool:
        """Its loop needs no ticks from outside."""
        return self._fast is not None

    @property
    def number(self) -> int:
        """The port that is bound, once open."""
        return self.socket.port

    @property
    def counters(self) -> LoopCounters:
        """Totals since start; `dropped` also counts what never reached the per-packet path."""
        counters = self.loop.counters
        dropped = dict(counters.dropped or {})
        parts = [asdict(self.demux.counters), asdict(self.socket.counters)]
        if self._fast is not None:
            parts.append(self._fast.traffic)
        for part in parts:
            for reason, count in part.items():
                dropped[reason] = dropped.get(reason, 0) + count
        return replace(counters, dropped=dropped)


def total(parts: list[LoopCounters]) -> LoopCounters:
    """The sum of several ports' counters."""
    dropped: dict[str, int] = {}
    for part in parts:
        for reason, count in (part.dropped or {}).items():
            dropped[reason] = dropped.get(reason, 0) + count
    return LoopCounters(
        packets_in=sum(part.packets_in for part in parts),
        packets_out=sum(part.packets_out for part in parts),
        bytes_in=sum(part.bytes_in for part in parts),
        bytes_out=sum(part.bytes_out for part in parts),
        dropped=dropped,
    )

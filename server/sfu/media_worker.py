"""One UDP port of a node: its socket, its demultiplexer, and the data plane of the rooms placed on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

from server.sfu.data_plane import Backend, DataPlaneCounters, DataPlaneEvents, DataPlaneOptions
from server.sfu.fastpath.forwarder import NativeForwarder
from server.sfu.options import SfuOptions
from server.sfu.transport.demux import Demux
from server.sfu.transport.udp import UdpSocket


class MediaWorker:
    """`open` in the running event loop, `close` at the end."""

    def __init__(
        self, options: SfuOptions, events: DataPlaneEvents, backend: Backend, clock: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._host = options.udp_host
        self.socket = UdpSocket(clock)
        self.data_plane = backend(
            self.socket.send,
            events,
            DataPlaneOptions(nack=options.nack, forward_loudest=options.forward_loudest),
        )
        self._native = self.data_plane if isinstance(self.data_plane, NativeForwarder) else None
        self.demux = Demux(self.data_plane.receive, self.socket, self._native)

    def open(self, port: int) -> None:
        """Bind and receive; port 0 takes a free one. Raises OSError."""
        if self._native is None:
            self.socket.open(self._host, port, self.demux.deliver)
            return
        self._native.start(self.socket.open(self._host, port), self.demux.deliver, self._clock)

    def close(self) -> None:
        """Idempotent. The native thread, if there is one, releases the socket before it is closed."""
        if self._native is not None:
            self._native.stop()
        self.socket.close()

    @property
    def needs_ticks(self) -> bool:
        """Whether the data plane has no timer of its own."""
        return self._native is None

    @property
    def port(self) -> int:
        """The bound port, once open."""
        return self.socket.port

    @property
    def counters(self) -> DataPlaneCounters:
        """Totals since start; `dropped` also counts what never reached the data plane."""
        counters = self.data_plane.counters
        dropped = dict(counters.dropped or {})
        parts = [asdict(self.demux.counters), asdict(self.socket.counters)]
        if self._native is not None:
            parts.append(self._native.traffic)
        for part in parts:
            for reason, count in part.items():
                dropped[reason] = dropped.get(reason, 0) + count
        return replace(counters, dropped=dropped)


def total(parts: list[DataPlaneCounters]) -> DataPlaneCounters:
    """Sum of the counters of several workers."""
    dropped: dict[str, int] = {}
    for part in parts:
        for reason, count in (part.dropped or {}).items():
            dropped[reason] = dropped.get(reason, 0) + count
    return DataPlaneCounters(
        packets_in=sum(part.packets_in for part in parts),
        packets_out=sum(part.packets_out for part in parts),
        bytes_in=sum(part.bytes_in for part in parts),
        bytes_out=sum(part.bytes_out for part in parts),
        dropped=dropped,
    )

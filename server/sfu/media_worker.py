"""One UDP and one TCP port of a node, their demultiplexer, and the data plane of the rooms placed on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

from server.sfu.data_plane import (
    TCP,
    Backend,
    DataPlaneCounters,
    DataPlaneEvents,
    DataPlaneOptions,
    Path,
    Streams,
)
from server.sfu.fastpath.forwarder import NativeForwarder
from server.sfu.options import SfuOptions
from server.sfu.transport.address import Source
from server.sfu.transport.demux import Demux
from server.sfu.transport.streams import LoopStreams
from server.sfu.transport.tcp import TcpListener
from server.sfu.transport.udp import UdpSocket


class MediaWorker:
    """`open` in the running event loop, `close` at the end. Implements `Transport` for its demultiplexer."""

    def __init__(
        self, options: SfuOptions, events: DataPlaneEvents, backend: Backend, clock: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._host = options.udp_host
        self.socket = UdpSocket(clock)
        self.data_plane = backend(
            self.send,
            events,
            DataPlaneOptions(nack=options.nack, forward_loudest=options.forward_loudest),
        )
        self._native = self.data_plane if isinstance(self.data_plane, NativeForwarder) else None
        self.demux = Demux(self.data_plane.receive, self, self._native)
        self._loop_streams = LoopStreams(clock)
        self._streams: Streams = self._native or self._loop_streams
        workers = options.media_threads if self._native else 1
        self.tcp = TcpListener(self._streams, self.demux.knows, self.demux.lose_path, workers)

    def open(self, port: int) -> None:
        """Bind UDP and receive; port 0 takes a free one. Raises OSError."""
        if self._native is None:
            self._loop_streams.start(self.demux.deliver, self.tcp.closed)
            self.socket.open(self._host, port, self.demux.deliver)
            return
        fd = self.socket.open(self._host, port)
        self._native.start(fd, self.demux.deliver, self.tcp.closed, self._clock)

    def open_tcp(self, port: int) -> None:
        """Accept TCP connections too, once open; port 0 takes a free one. Raises OSError."""
        self.tcp.open(self._host, port)

    def close(self) -> None:
        """Idempotent. The native thread, if there is one, releases the sockets before they are closed."""
        self.tcp.close()
        if self._native is not None:
            self._native.stop()
        self.socket.close()

    def send(self, datagram: bytes, path: Path) -> None:
        """Never raises, and never waits: what cannot be sent now is lost."""
        if path.transport == TCP:
            self._streams.send_stream(datagram, path)
        else:
            self.socket.send(datagram, path)

    def path(self, source: Source) -> Path:
        return source if isinstance(source, Path) else self.socket.path(source)

    def source(self, path: Path) -> Source:
        return path if path.transport == TCP else self.socket.source(path)

    def release(self, path: Path) -> None:
        if path.transport == TCP:
            self.tcp.release(path)

    @property
    def needs_ticks(self) -> bool:
        """Whether the data plane has no timer of its own."""
        return self._native is None

    @property
    def port(self) -> int:
        """The bound UDP port, once open."""
        return self.socket.port

    @property
    def counters(self) -> DataPlaneCounters:
        """Totals since start; `dropped` also counts what never reached the data plane."""
        counters = self.data_plane.counters
        dropped = dict(counters.dropped or {})
        parts = [asdict(c) for c in (self.demux.counters, self.socket.counters, self.tcp.counters)]
        parts.append(asdict(self._loop_streams.counters))
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

"""CPU per forwarded packet in a 12-person room, all speaking: `python -m tests.bench.forwarding [--sendto]`.

The Python data plane alone, with real SRTP sessions, in this process; `--sendto` sends each packet to a
loopback socket. Another bench measures the whole server from outside.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import socket
import time
from collections.abc import Sequence

from pylibsrtp import Session

from server.sfu.data_plane import AnsweredMedia, DataPlaneOptions, Path, PeerMedia
from server.sfu.forwarding import Forwarder
from tests.fakes.srtp_clients import Events, rtp_packet, session_pair

PEOPLE = 12
PAYLOAD_BYTES = 81


def _room(data_plane: Forwarder) -> Sequence[Session]:
    """The clients' sending sessions, in the order of their SSRCs."""
    clients = []
    for handle in range(1, PEOPLE + 1):
        rx, client_tx = session_pair()
        _, tx = session_pair()
        data_plane.add_peer(
            handle, PeerMedia("room", handle, tuple(handle * 100 + i for i in range(12)), False)
        )
        data_plane.set_answer(handle, AnsweredMedia(ssrc=handle))
        data_plane.set_sessions(handle, rx, tx)
        data_plane.set_destination(handle, Path(("127.0.0.1", 9)))
        clients.append(client_tx)
    for handle in range(1, PEOPLE + 1):
        data_plane.assign(handle, [other for other in range(1, PEOPLE + 1) if other != handle], 0.0)
    return clients


def _frame(clients: Sequence[Session], number: int) -> list[bytes]:
    payload = os.urandom(PAYLOAD_BYTES)
    return [
        session.protect(
            rtp_packet(ssrc=ssrc, sequence=number, timestamp=number * 960, payload=payload, level=20)
        )
        for ssrc, session in enumerate(clients, 1)
    ]


def _run(data_plane: Forwarder, frames: list[list[bytes]]) -> None:
    now = 1.0
    paths = {handle: Path(("127.0.0.1", handle)) for handle in range(1, PEOPLE + 1)}
    for frame in frames:
        now += 0.02
        for handle, datagram in enumerate(frame, 1):
            data_plane.receive(handle, datagram, paths[handle], now)
        data_plane.tick(now)


def main() -> None:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sink.bind(("127.0.0.1", 0))
    target = sink.getsockname()

    def sendto(datagram: bytes, _path: Path) -> None:
        sock.sendto(datagram, target)

    def discard(_datagram: bytes, _path: Path) -> None:
        pass

    data_plane = Forwarder(sendto if args.sendto else discard, Events(), DataPlaneOptions())
    clients = _room(data_plane)
    frames = [_frame(clients, number) for number in range(args.frames)]
    profile = cProfile.Profile() if args.profile else None
    if profile is not None:
        profile.enable()
    started = time.process_time()
    _run(data_plane, frames)
    spent = time.process_time() - started
    if profile is not None:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(18)
    out = data_plane.counters.packets_out
    print(f"{out} packets forwarded, {spent / out * 1e6:.1f} µs of CPU each")
    print(data_plane.counters)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sendto", action="store_true", help="send to a loopback socket")
    parser.add_argument("--frames", type=int, default=500, help="of 20 ms")
    parser.add_argument("--profile", action="store_true")
    args = parser.parse_args()
    main()

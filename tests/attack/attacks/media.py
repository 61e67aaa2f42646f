"""Attacks on the media port."""

from __future__ import annotations

import ctypes
import os
import random
import socket
import struct
import time
from collections.abc import Sequence

from tests.attack.target import Facts, Target

_COOKIE = 0x2112_A442
_BATCH = 256


class _IoVector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Message(ctypes.Structure):
    """struct mmsghdr of sendmmsg(2), on 64-bit Linux."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.POINTER(_IoVector)),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("sent", ctypes.c_uint),
    )


async def datagram_flood(target: Target) -> Facts:
    """Datagrams of every protocol's first byte from four sockets, as fast as one process can."""
    dice = random.Random(1)
    batches = [_batch([_datagram(dice) for _ in range(_BATCH)]) for _ in range(8)]
    sockets = [_socket(target) for _ in range(4)]
    sendmmsg = ctypes.CDLL(None, use_errno=True).sendmmsg
    end, sent, turn = time.monotonic() + target.seconds, 0, 0
    while time.monotonic() < end:
        turn += 1
        messages, _kept = batches[turn % len(batches)]
        sent += max(0, sendmmsg(sockets[turn & 3].fileno(), messages, _BATCH, 0))
    for sock in sockets:
        sock.close()
    return {"sent": sent, "per_s": round(sent / target.seconds)}


def _batch(datagrams: Sequence[bytes]) -> tuple[ctypes.Array[_Message], object]:
    """The messages, and what they point to."""
    buffers = [ctypes.create_string_buffer(data, len(data)) for data in datagrams]
    vectors = [_IoVector(ctypes.addressof(b), len(d)) for b, d in zip(buffers, datagrams, strict=True)]
    messages = [_Message(vectors=ctypes.pointer(vector), vector_count=1) for vector in vectors]
    return (_Message * len(messages))(*messages), (buffers, vectors)


def _socket(target: Target) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind((target.source, 0))
    sock.connect((target.host, target.udp_port))
    return sock


def _datagram(dice: random.Random) -> bytes:
    """STUN requests with unknown names, DTLS ClientHellos, SRTP and RTCP of unknown streams, noise."""
    match dice.randrange(5):
        case 0:
            name = dice.randbytes(4).hex().encode() + b":" + dice.randbytes(4).hex().encode()
            name += bytes(-len(name) % 4)
            attribute = struct.pack("!HH", 0x0006, 17) + name
            return struct.pack("!HHI", 0x0001, len(attribute), _COOKIE) + dice.randbytes(12) + attribute
        case 1:
            return bytes((22, 0xFE, 0xFD)) + bytes(8) + struct.pack("!H", 200) + dice.randbytes(200)
        case 2:
            return bytes((0x90, 111)) + dice.randbytes(120)
        case 3:
            return bytes((0x81, 201)) + dice.randbytes(60)
        case _:
            return os.urandom(dice.choice((1, 20, 1_200, 1_472)))

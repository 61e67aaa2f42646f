"""Random and mutated datagrams on the node's port while two participants talk."""

from __future__ import annotations

import asyncio
import logging
import random
import resource
import socket

import pytest

from server.common import rtcp
from server.sfu.transport import stun
from tests.fakes.scale import scaled
from tests.integration.sfu.rig import Client, Rig

DATAGRAMS = scaled(6_000, 1_000_000, "fuzz")
BURST = 30


def corpus(ann: Client) -> list[bytes]:
    """One valid datagram of each kind, the encrypted ones made with her keys."""
    check = stun.request(stun.new_transaction_id(), f"{ann.view.ufrag}:{ann.link.ufrag}", ann.view.password)
    header = bytes([0x90, 111]) + b"\0\1" + bytes(4) + ann.ssrc.to_bytes(4, "big")
    session = ann.link._tx
    assert session is not None
    return [
        check,
        stun.success(stun.new_transaction_id(), ("192.0.2.1", 9), ann.link.password),
        session.protect(header + b"\xbe\xde\x00\x01\x10\x94\x00\x00" + bytes(60)),
        session.protect_rtcp(rtcp.receiver_report(ann.ssrc, [])),
        bytes([22, 254, 253]) + bytes(8) + b"\0\x19" + bytes([1, 0, 0, 13]) + bytes(8) + bytes(13),
        bytes([23, 254, 253, 0, 1]) + bytes(6) + b"\0\x20" + bytes(32),
    ]


def mutated(valid: bytes, chance: random.Random) -> bytes:
    """Flipped, cut, stretched or replaced; never the original."""
    datagram = bytearray(valid)
    match chance.randrange(4):
        case 0:
            for _ in range(chance.randint(1, 6)):
                datagram[chance.randrange(len(datagram))] ^= chance.randint(1, 255)
        case 1:
            del datagram[chance.randrange(len(datagram)) :]
        case 2:
            datagram += chance.randbytes(chance.choice([1, 4, 1200, 1700]))
        case _:
            datagram = bytearray(chance.randbytes(chance.choice([0, 1, 12, 20, 60, 1500])))
    return bytes(datagram)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
async def test_garbage_on_the_port_logs_nothing_and_adds_no_state(caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(7)
    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
    async with Rig() as rig:
        ann, bob = await rig.connect("ann"), await rig.connect("bob")
        rig.node.assign("bob", ["ann", None, None])
        valid = corpus(ann)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.connect(rig.address)
            before = 0
            for count in range(DATAGRAMS):
                datagram = mutated(chance.choice(valid), chance)
                # Her address is checked, so that its datagrams reach every layer.
                (ann.link.send_raw if count % 2 else stranger.send)(datagram)
                if count % BURST == 0:
                    await asyncio.sleep(0)
                if count == DATAGRAMS // 2:
                    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        await bob.hears(b"still here", said_by=ann)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8_000  # KB
        dropped = rig.node.counters.dropped or {}
        assert {
            reason for reason in ("bad_stun", "unknown_source", "unknown_kind", "oversize") if dropped[reason]
        }
        assert sum(dropped.values()) > DATAGRAMS // 4
    assert not failures
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]

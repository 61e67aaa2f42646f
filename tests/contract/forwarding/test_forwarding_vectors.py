"""The vectors in `forwarding_vectors`, played through every backend. Its README has their format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server.sfu.data_plane import AnsweredMedia, Backend, DataPlaneOptions
from tests.fakes.srtp_clients import Client, Room

VECTORS = Path(__file__).parent.parent / "forwarding_vectors"


def _join(room: Room, peer: dict[str, Any]) -> Client:
    answer = AnsweredMedia(
        ssrc=0x1001 + len(room.clients),
        red_payload_type=63 if peer.get("sendsRed") else None,
        red_slots=peer.get("wantsRed", False),
    )
    return room.join(slots=peer.get("slots", 1), muted=peer.get("muted", False), answer=answer)


def _play(room: Room, people: dict[str, Client], held: dict[str, bytes], step: dict[str, Any]) -> None:
    room.pass_time(step.get("after", 0) / 1000, step=0.01)
    person = people[step["peer"]] if "peer" in step else None
    match step["do"], person:
        case (("send" | "hold"), Client()):
            packet = person.packet(
                bytes.fromhex(step["payload"]),
                level=step.get("level"),
                sequence=step["sequence"],
                timestamp=step["timestamp"],
                payload_type=step.get("payloadType", 111),
            )
            if step["do"] == "send":
                person.deliver(packet)
            else:
                held[step["as"]] = packet
        case "release", Client():
            person.deliver(held[step["as"]])
        case "assign", Client():
            room.assign(person, [people[name] if name else None for name in step["publishers"]])
        case "mute", Client():
            room.data_plane.set_muted(person.handle, True, at_once=step.get("atOnce", False), now=room.now)
        case "unmute", Client():
            room.data_plane.set_muted(person.handle, False, at_once=False, now=room.now)
        case "remove", Client():
            room.data_plane.remove_peer(person.handle)
        case "wait", None:
            pass
        case _:
            pytest.fail(f"unknown step {step}")


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*.json")), ids=lambda path: path.stem)
def test_vector(backend: Backend, path: Path) -> None:
    vector = json.loads(path.read_text())
    room = Room(backend, DataPlaneOptions(forward_loudest=vector.get("forwardLoudest", 0)))
    people = {peer["name"]: _join(room, peer) for peer in vector["peers"]}
    held: dict[str, bytes] = {}
    for step in vector["steps"]:
        _play(room, people, held, step)
    for name, slots in vector["expect"].items():
        for mid, expected in slots.items():
            packets = people[name].heard(int(mid))
            base = packets[0] if packets else None
            got = [
                {
                    "sequence": (p.sequence - base.sequence) & 0xFFFF,
                    "timestamp": (p.timestamp - base.timestamp) & 0xFFFF_FFFF,
                    "csrc": p.csrcs[0],
                    "marker": p.marker,
                    "payloadType": p.payload_type,
                    "payload": p.payload.hex(),
                }
                for p in packets
                if base is not None
            ]
            wanted = [{"marker": False, "payloadType": 111} | packet for packet in expected]
            assert got == wanted, f"{name}, mid {mid}"


def test_there_are_vectors() -> None:
    assert len(list(VECTORS.glob("*.json"))) >= 8

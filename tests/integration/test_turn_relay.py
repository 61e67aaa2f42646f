"""The credentials of a `join` ack, used with a real coturn."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import aioice.stun
import pytest

from server.signalling.turn_credentials import ice_servers
from tests.fakes.coturn import SCRIPT, Address, TurnBridge, TurnControl, coturn, credentials
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.server_process import ServerProcess
from tests.fakes.signalling_server import eventually

SECRET = "a secret that only the two servers know"


async def test_a_client_behind_turn_is_heard_with_the_credentials_of_its_join(tmp_path: Path) -> None:
    async with (
        coturn(SECRET, tmp_path) as turn_port,
        ServerProcess(tmp_path / "data", _settings(turn_port)) as server,
        RestClient(server.url) as rest,
        RtcClient(server.url, await rest.guest("Ben")) as listener,
        RtcClient(server.url, await rest.guest("Cam")) as speaker,
        Pacer() as pacer,
    ):
        room = (await rest.create_room(await rest.guest("Ann")))["id"]
        await listener.join(room)
        speaker.joined = await speaker.call("join", {"roomId": room})
        relay = ("127.0.0.1", turn_port)
        bridge, local = await TurnBridge.open(relay, *credentials(speaker.joined["iceServers"]))
        try:
            speaker.options.path = _by_way_of(bridge, local)
            await speaker.connect_media(speaker.joined["offer"], clip=tone_clip(440.0))
            await speaker.set_muted(False)
            assert speaker.publisher is not None
            pacer.add(speaker.publisher)
            log = await listener.wait_slot(speaker.participant_id)
            await eventually(lambda: log.packets >= 25)
            assert bridge.relayed > 0, "the server's answers came back through the relay"
        finally:
            bridge.close()


async def test_coturn_refuses_credentials_that_have_expired(tmp_path: Path) -> None:
    async with coturn(SECRET, tmp_path) as turn_port:
        with pytest.raises(aioice.stun.TransactionFailed):
            await TurnBridge.open(("127.0.0.1", turn_port), *_credentials("guest", ttl_s=-60.0))


UDP, TCP = 17, 6
FORBIDDEN = 403


async def test_coturn_relays_to_the_sfu_and_to_no_other_address(tmp_path: Path) -> None:
    async with coturn(SECRET, tmp_path) as port, TurnControl(port, *_credentials("guest")) as client:
        assert await client.allocate(UDP) == 0
        assert [await client.permit(peer) for peer in ("127.0.0.1", "127.0.0.3")] == [0, 0]
        elsewhere = (
            "127.0.0.2",  # another address of this machine
            "169.254.169.254",  # a cloud's metadata
            "100.64.0.1",  # carrier-grade NAT
            "10.0.0.1",
            "192.168.1.1",
            "203.0.113.9",
        )
        assert {peer: await client.permit(peer) for peer in elsewhere} == dict.fromkeys(elsewhere, FORBIDDEN)


async def test_coturn_opens_no_tcp_relay(tmp_path: Path) -> None:
    async with coturn(SECRET, tmp_path) as port, TurnControl(port, *_credentials("guest")) as client:
        assert await client.allocate(TCP) != 0


async def test_one_user_cannot_take_every_allocation(tmp_path: Path) -> None:
    async with coturn(SECRET, tmp_path) as port, AsyncExitStack() as clients:
        codes = []
        for _ in range(20):
            client = await clients.enter_async_context(TurnControl(port, *_credentials("guest")))
            codes.append(await client.allocate(UDP))
        other = await clients.enter_async_context(TurnControl(port, *_credentials("other")))
        assert codes.count(0) == 16
        assert await other.allocate(UDP) == 0


@pytest.mark.parametrize(
    ("secret", "peers", "reason"),
    [
        ("", "127.0.0.1", "PARLOR_TURN_SECRET must have at least 32 characters"),
        ("short", "127.0.0.1", "PARLOR_TURN_SECRET must have at least 32 characters"),
        (SECRET, "", "PARLOR_ADVERTISED_IPS must name the address of the SFU"),
        (f"{SECRET}\nallowed-peer-ip=10.0.0.1", "127.0.0.1", "PARLOR_TURN_SECRET must be printable ASCII"),
    ],
)
def test_coturn_is_not_started_with_an_unsafe_setting(secret: str, peers: str, reason: str) -> None:
    settings = {"PARLOR_TURN_SECRET": secret, "PARLOR_ADVERTISED_IPS": peers}
    ended = subprocess.run(
        ["sh", str(SCRIPT)],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"turn: {reason}")


def _credentials(user: str, ttl_s: float = 60.0) -> tuple[str, str]:
    (server,) = ice_servers(["turn:t"], SECRET, user, time.time(), ttl_s)
    return str(server.username), str(server.credential)


def _settings(turn_port: int) -> dict[str, str]:
    return {"TURN_URLS": f"turn:127.0.0.1:{turn_port}?transport=udp", "TURN_SECRET": SECRET}


def _by_way_of(bridge: TurnBridge, local: Address) -> Callable[[Address], Address]:
    def path(candidate: Address) -> Address:
        bridge.target = candidate
        return local

    return path

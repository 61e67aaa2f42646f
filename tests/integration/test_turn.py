"""The credentials that `join` hands out, tried on a real coturn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import aioice.stun
import pytest

from tests.fakes.coturn import Address, TurnBridge, coturn, credentials
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.server_process import ServerProcess
from tests.fakes.signalling_server import eventually

SECRET = "a secret that only the two servers know"


async def test_somebody_behind_turn_is_heard_with_the_credentials_of_their_join(tmp_path: Path) -> None:
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
    async with (
        coturn(SECRET, tmp_path) as turn_port,
        ServerProcess(tmp_path / "data", _settings(turn_port) | {"TURN_TTL_S": "-60"}) as server,
        RestClient(server.url) as rest,
        RtcClient(server.url, await rest.guest("Ann")) as client,
    ):
        room = (await rest.create_room(client.token))["id"]
        joined = await client.call("join", {"roomId": room})
        with pytest.raises(aioice.stun.TransactionFailed):
            await TurnBridge.open(("127.0.0.1", turn_port), *credentials(joined["iceServers"]))


def _settings(turn_port: int) -> dict[str, str]:
    return {"TURN_URLS": f"turn:127.0.0.1:{turn_port}?transport=udp", "TURN_SECRET": SECRET}


def _by_way_of(bridge: TurnBridge, local: Address) -> Callable[[Address], Address]:
    def path(candidate: Address) -> Address:
        bridge.target = candidate
        return local

    return path

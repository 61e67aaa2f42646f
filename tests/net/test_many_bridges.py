"""A server on a machine with a dozen container networks offers the address that its page came from."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.server_process import ServerProcess
from tests.fakes.wav import tone_wav
from tests.net.companion import TONE_HZ
from tests.net.netns import SERVER_IP, WLAN, Network
from tests.net.reception_log import ReceptionLog
from tests.net.remote_browser import RemoteBrowser
from tests.net.room import join_room

_CANDIDATES = """window.__probe.connections.at(-1).currentRemoteDescription.sdp.match(/^a=candidate:.*$/mg)"""


async def test_a_browser_hears_a_server_with_twelve_bridges(network: Network, tmp_path: Path) -> None:
    for number in range(12):
        network.add_bridge(f"br-{number}", f"172.{16 + number}.0.1/16")
    settings = {
        "HOST": SERVER_IP,
        "PUBLIC_URL": f"http://{SERVER_IP}:8080",
        "PORT": "8080",
        "UDP_PORT": "7882",
    }
    microphone = tone_wav(tmp_path / "tone.wav", 1700)
    async with (
        ServerProcess(tmp_path / "data", settings, wrap=network.server_command) as server,
        ReceptionLog(network.server_command, server.url) as companion,
        RemoteBrowser(
            "chromium", origin=server.url, wrap=network.client(WLAN).command, microphone=microphone
        ) as browser,
    ):
        await join_room(browser, server.url, companion.room_id, "Ann")
        await browser.expect_tones({TONE_HZ}, among={TONE_HZ, 1700})
        offered = [line.split()[4] for line in await browser.evaluate(_CANDIDATES)]
        assert offered[0] == SERVER_IP
        assert not any(address.startswith("172.") for address in offered)

"""Signs in and joins a room in a browser inside a network namespace."""

from __future__ import annotations

from tests.net.remote_browser import RemoteBrowser

JOIN = "::-p-aria([name='Join the room'][role='button'])"
UNMUTE = "::-p-aria([name='Unmute'][role='button'])"
LEAVE = "::-p-aria([name='Leave'][role='button'])"


async def join_room(browser: RemoteBrowser, url: str, room_id: str, name: str) -> None:
    """Signs in, joins and unmutes."""
    await browser.goto(f"{url}/rooms/{room_id}")
    await browser.fill("input[autocomplete=nickname]", name)
    await browser.click(JOIN)
    await browser.click(UNMUTE)
    await browser.wait("::-p-aria([name='Mute'][role='button'])")


async def media_protocol(browser: RemoteBrowser) -> str | None:
    """Transport of the candidate pair in use: udp or tcp; None while there is none."""
    protocol: str | None = await browser.evaluate(_PROTOCOL)
    return protocol


_PROTOCOL = """(async () => {
  const stats = await window.__probe.connections.at(-1).getStats();
  const all = [...stats.values()];
  const transport = all.find((s) => s.type === 'transport');
  const pairs = all.filter((s) => s.type === 'candidate-pair');
  const pair = stats.get(transport?.selectedCandidatePairId) ?? pairs.find((p) => p.selected);
  return stats.get(pair?.remoteCandidateId)?.protocol ?? null;
})()"""

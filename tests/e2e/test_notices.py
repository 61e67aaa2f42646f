"""Notices in open pages, and messages to devices: real browsers, and a push service on this machine."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage
from tests.fakes.push_service import Device, PushService, b64, push_service
from tests.fakes.rtc import RestClient
from tests.fakes.server_database import ServerDatabase
from tests.fakes.server_process import ServerProcess

_WITHIN_S, _WITHIN_MS = 15.0, 15_000.0
_HAS_WORKER = "() => navigator.serviceWorker.ready.then(() => true)"
# The push service of a real Chromium is out of reach of a test, so this browser's is the one on this machine.
_SUBSCRIBES_THERE = """
(keys) => {
  const text = (key) => atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  const kept = () => JSON.parse(localStorage.getItem("test.subscription") ?? "null");
  const subscription = () => kept() && {
    options: { applicationServerKey: Uint8Array.from(text(kept()), (c) => c.charCodeAt(0)).buffer },
    toJSON: () => ({ endpoint: keys.endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }),
    unsubscribe: async () => { localStorage.removeItem("test.subscription"); return true; },
  };
  PushManager.prototype.getSubscription = async () => subscription();
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly) throw new DOMException("", "NotAllowedError");
    const key = btoa(String.fromCharCode(...applicationServerKey));
    localStorage.setItem("test.subscription", JSON.stringify(key));
    return subscription();
  };
}
"""


class Server:
    """A server that sends to the push service of this machine."""

    def __init__(self, process: ServerProcess, pushes: PushService) -> None:
        self.process = process
        self.pushes = pushes
        self.url = process.url.replace("127.0.0.1", "localhost")
        self.database = ServerDatabase(process)

    async def event(self, name: str) -> dict[str, Any]:
        """An event of somebody else, in an hour or two."""
        start = datetime.now(UTC) + timedelta(hours=2)
        wanted = {"name": name, "level": "B1", "localStart": f"{start:%Y-%m-%dT%H:00}", "timeZone": "UTC"}
        async with RestClient(self.url) as rest:
            host = await rest.guest("Host")
            self.database.keep((await rest.request("GET", "/api/users/me", host))["id"])
            event: dict[str, Any] = await rest.request("POST", "/api/events", host, wanted)
        return event


@pytest_asyncio.fixture(loop_scope="session")
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with push_service() as pushes:
        settings = {"PUSH_SERVICES": pushes.url}
        async with ServerProcess(tmp_path / "data", settings) as process:
            yield Server(process, pushes)
            assert process.complaints() == []


async def _somebody(browsers: BrowserPool, server: Server, device: Device) -> RoomPage:
    page = await browsers.page(None, permissions=["notifications"])
    keys = {"endpoint": device.endpoint, "p256dh": b64(device.p256dh), "auth": b64(device.auth)}
    await page.context.add_init_script(f"({_SUBSCRIBES_THERE})({json.dumps(keys)})")
    mai = RoomPage(page, server.url, "Mai")
    await mai.sign_in()
    server.database.keep((await _session(page))["user"]["id"])
    return mai


async def _session(page: Page) -> dict[str, Any]:
    session: dict[str, Any] = await page.evaluate("() => JSON.parse(localStorage['parlor.session'])")
    return session


async def _take_place(page: Page, server: Server, event: dict[str, Any]) -> None:
    async with RestClient(server.url) as rest:
        token, path = (await _session(page))["token"], f"/api/events/{event['id']}/registration"
        await rest.request("POST", path, token, {"occurrenceId": event["occurrences"][0]["id"]})


async def _until(is_so: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(_WITHIN_S):
        while not await is_so():  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.05)


async def _deliver(context: BrowserContext, url: str, text: str) -> None:
    """To the service worker, as a browser's push service does."""
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def note(event: dict[str, Any]) -> None:
        for registration in event["registrations"]:
            if registration["scopeURL"].startswith(url) and not found.done():
                found.set_result(registration["registrationId"])

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    await session.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(found, _WITHIN_S)
    message = {"origin": url, "registrationId": registration, "data": text}
    await session.send("ServiceWorker.deliverPushMessage", message)
    await page.close()


async def _shown(page: Page) -> list[dict[str, Any]]:
    """The notifications of the site."""
    return list(
        await page.evaluate(
            "async () => (await (await navigator.serviceWorker.ready).getNotifications())"
            ".map(({ title, body, tag, lang }) => ({ title, body, tag, lang }))"
        )
    )


async def _is_clear(page: Page) -> bool:
    return not await _shown(page)


async def test_a_reminder_reaches_the_device_of_somebody_who_turned_messages_on(
    browsers: BrowserPool, server: Server
) -> None:
    device = server.pushes.device()
    mai = await _somebody(browsers, server, device)
    page, context = mai.page, mai.page.context
    await page.goto(f"{server.url}/notices")
    switch = page.get_by_role("switch", name=re.compile("^Messages on this device"))
    await expect(switch).not_to_be_checked()
    assert server.database.run("SELECT * FROM push_subscriptions") == []
    await page.evaluate(_HAS_WORKER)
    await switch.press("Space")
    await expect(switch).to_be_checked(timeout=_WITHIN_MS)
    await expect(page.get_by_role("switch", name=re.compile("New times"))).to_be_checked()
    assert await violations(page) == []

    event = await server.event("Tea club")
    await _take_place(page, server, event)
    await page.goto(f"{server.url}/rooms")
    await page.evaluate(_HAS_WORKER)
    await page.close()
    server.database.remind()
    received = await asyncio.wait_for(server.pushes.news.get(), _WITHIN_S)
    assert received.device is device
    assert received.payload["title"] == "Soon: Tea club"
    assert received.headers["Urgency"] == "high"

    # The text that the device decrypted goes to the real service worker.
    await _deliver(context, server.url, json.dumps(received.payload))
    page = await context.new_page()
    await page.goto(f"{server.url}/rooms")
    await expect(page.get_by_role("link", name="Notices, 1 unread")).to_be_visible(timeout=_WITHIN_MS)
    [shown] = await _shown(page)
    assert (shown["title"], shown["body"]) == ("Soon: Tea club", received.payload["body"])

    # The worker does what a click does, but for the focus, which only a real click may change.
    [worker] = context.service_workers
    await worker.evaluate("path => openPage(path).catch(() => {})", received.payload["path"])
    await expect(page.get_by_role("heading", name="Tea club")).to_be_visible()

    # Notices that are read in the page are not shown by the device any more.
    await page.goto(f"{server.url}/notices")
    await expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    await _until(lambda: _is_clear(page))

    await page.goto(f"{server.url}/profile")
    sign_out = page.get_by_role("region", name="Sign out")
    await sign_out.get_by_role("button", name="Sign out").press("Enter")
    await expect(page.get_by_role("link", name="I have a profile already").first).to_be_visible()
    await _until(lambda: asyncio.sleep(0, not server.database.run("SELECT * FROM push_subscriptions")))
    # The browser forgets it after the server has.
    await page.wait_for_function("() => localStorage.getItem('test.subscription') === null")


async def test_a_notice_counts_in_all_tabs_and_is_shown_in_one(browsers: BrowserPool, server: Server) -> None:
    mai = await _somebody(browsers, server, server.pushes.device())
    first, second = mai.page, await mai.page.context.new_page()
    event = await server.event("Book club")
    await _take_place(first, server, event)
    for page in (first, second):
        await page.goto(f"{server.url}/rooms")
        # Open connections ask for the number.
        await expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
        await page.evaluate(_HAS_WORKER)
    server.database.remind()
    for page in (first, second):
        await expect(page.get_by_role("link", name="Notices, 1 unread")).to_be_visible(timeout=_WITHIN_MS)
    toasts = [page.get_by_role("status").get_by_role("link", name="Book club") for page in (first, second)]
    counts: list[int] = []

    async def is_shown() -> bool:
        counts[:] = [await toast.count() for toast in toasts]
        return sum(counts) > 0

    await _until(is_shown)
    assert sorted(counts) == [0, 1]
    shown_in, toast = ((first, toasts[0]), (second, toasts[1]))[counts.index(1)]
    assert await violations(shown_in) == []
    await toast.press("Enter")
    await expect(shown_in.get_by_role("heading", name="Book club")).to_be_visible()
    await first.goto(f"{server.url}/notices")
    await expect(first.get_by_text("“Book club” begins soon")).to_be_visible()
    await expect(second.get_by_role("link", name="Notices", exact=True)).to_be_visible()

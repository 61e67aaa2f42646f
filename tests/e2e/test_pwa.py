"""The PWA: installable, usable offline, and robust to a change of network."""

from __future__ import annotations

from playwright.async_api import Route, expect

from tests.e2e.browsers import BrowserPool
from tests.fakes.server_process import ServerProcess


async def test_the_app_is_installable_and_opens_offline(browsers: BrowserPool, parlor: ServerProcess) -> None:
    page = await browsers.page(None)
    await page.goto(parlor.url)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    session = await page.context.new_cdp_session(page)
    manifest = await session.send("Page.getAppManifest")
    assert manifest["url"] == f"{parlor.url}/manifest.webmanifest"
    assert manifest["errors"] == []
    found = await session.send("Page.getInstallabilityErrors")
    # A test's context is a private window, which cannot install apps.
    assert {error["errorId"] for error in found["installabilityErrors"]} <= {"in-incognito"}

    await page.context.set_offline(True)
    await page.goto(f"{parlor.url}/rooms")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await page.evaluate("() => fetch('/healthz').then(() => 'there', () => 'gone')") == "gone"


async def test_page_code_whose_request_a_network_change_cancelled_is_fetched_again(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    page = await browsers.page(None)
    asked = 0

    async def refuse_at_first(route: Route) -> None:
        nonlocal asked
        asked += 1
        if asked <= 2:  # preloaded first, then imported
            await route.abort("internetdisconnected")
        else:
            await route.continue_()

    await page.route("**/assets/RoomsPage-*.js", refuse_at_first)
    await page.goto(f"{parlor.url}/rooms")
    await expect(page.get_by_role("searchbox", name="Search rooms")).to_be_visible()
    assert asked == 3

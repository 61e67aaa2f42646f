"""Installed like an app, and there without a network or with one that changes."""

from __future__ import annotations

from playwright.async_api import Route, expect

from tests.e2e.browsers import Chromiums
from tests.fakes.server_process import ServerProcess


async def test_it_can_be_installed_and_opens_without_a_network(
    people: Chromiums, parlor: ServerProcess
) -> None:
    page = await people.page(None)
    await page.goto(parlor.url)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    session = await page.context.new_cdp_session(page)
    manifest = await session.send("Page.getAppManifest")
    assert manifest["url"] == f"{parlor.url}/manifest.webmanifest"
    assert manifest["errors"] == []
    found = await session.send("Page.getInstallabilityErrors")
    # A context of a test is a private window, which nothing is installed from.
    assert {error["errorId"] for error in found["installabilityErrors"]} <= {"in-incognito"}

    await page.context.set_offline(True)
    await page.goto(f"{parlor.url}/rooms")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await page.evaluate("() => fetch('/healthz').then(() => 'there', () => 'gone')") == "gone"


async def test_a_page_whose_code_was_cancelled_by_a_change_of_networks_comes_all_the_same(
    people: Chromiums, parlor: ServerProcess
) -> None:
    page = await people.page(None)
    asked = 0

    async def refuse_at_first(route: Route) -> None:
        nonlocal asked
        asked += 1
        if asked <= 2:  # it is preloaded, and then imported
            await route.abort("internetdisconnected")
        else:
            await route.continue_()

    await page.route("**/assets/RoomsPage-*.js", refuse_at_first)
    await page.goto(f"{parlor.url}/rooms")
    await expect(page.get_by_label("Your name")).to_be_visible()
    assert asked == 3

"""Installed like an app, and there without a network."""

from __future__ import annotations

from playwright.async_api import expect

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

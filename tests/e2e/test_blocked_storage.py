"""A browser in which the person blocks site data."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, make_room
from tests.fakes.server_process import ServerProcess

_BLOCKED = """
const refuse = () => { throw new DOMException("Access is denied for this document.", "SecurityError"); };
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
  Object.defineProperty(window, name, { get: refuse });
Object.defineProperty(Document.prototype, "cookie", { get: refuse, set: refuse });
Object.defineProperty(Navigator.prototype, "serviceWorker", { get: refuse });
"""


async def test_a_browser_that_stores_nothing_says_so_and_joins_a_room(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    name = "Nothing is stored"
    await make_room(parlor.url, name=name)
    page = await browsers.page(None)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.add_init_script(_BLOCKED)
    person = RoomPage(page, parlor.url, "Ann")
    await person.sign_in()
    await expect(page.get_by_text("Your browser stores nothing for this site.")).to_be_visible()
    # Rooms of other tests come before it in the list.
    await page.get_by_role("searchbox", name="Search rooms").fill(name)
    await page.get_by_role("link", name=f"Join {name}").click()
    await page.get_by_role("button", name="Join the room").click()
    await expect(person.leave_button).to_be_visible()
    assert errors == []

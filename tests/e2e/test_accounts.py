"""A guest keeps their profile, comes back to it, on more devices, and takes or deletes what is stored."""

from __future__ import annotations

import asyncio
import io
import json
import re
import socket
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, make_room
from tests.fakes.mailbox import Mailbox, mailbox
from tests.fakes.openid_provider import CLIENT_ID, CLIENT_SECRET, openid_provider
from tests.fakes.server_process import ServerProcess

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _named(server: ServerProcess) -> str:
    """The server's address with a name, by which there are passkeys."""
    return server.url.replace("127.0.0.1", "localhost")


def _numbered(server: ServerProcess) -> str:
    return server.url.replace("localhost", "127.0.0.1")


async def _with_authenticator(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})


async def _a_guest(browsers: BrowserPool, url: str, name: str) -> RoomPage:
    person = RoomPage(await browsers.page(None), url, name)
    await _with_authenticator(person.page)
    await person.sign_in()
    return person


async def _keep(person: RoomPage) -> None:
    await person.page.goto(f"{person.url}/profile")
    await person.page.get_by_role("button", name="Keep it with a passkey").press("Enter")
    await expect(person.page.get_by_text("Your profile is kept.")).to_be_visible()


async def _code(page: Page) -> str:
    await page.get_by_role("button", name="Show a code").press("Enter")
    code = page.get_by_text(re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$"))
    await expect(code).to_be_visible()
    return await code.inner_text()


async def _expect_signed_in(page: Page, name: str) -> None:
    await expect(page.get_by_role("button", name=f"Your account: {name}")).to_be_visible()


async def test_a_guest_keeps_the_profile_with_a_passkey_and_comes_back_with_it(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    mai = await _a_guest(browsers, _named(parlor), "Mai Kept")
    await _keep(mai)
    await expect(mai.page.get_by_text("Passkey: Chrome, Linux")).to_be_visible()
    assert await violations(mai.page) == []
    sign_out = mai.page.get_by_role("region", name="Sign out")
    await sign_out.get_by_role("button", name="Sign out").press("Enter")
    await mai.page.get_by_role("link", name="I have a profile already").first.press("Enter")
    await expect(mai.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert await violations(mai.page) == []
    await mai.page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    await _expect_signed_in(mai.page, "Mai Kept")
    await mai.page.goto(f"{mai.url}/profile")
    await expect(mai.page.get_by_text("Last used")).to_be_visible()
    # The last way to sign in stays.
    await mai.page.get_by_role("button", name="Remove Passkey: Chrome, Linux").press("Enter")
    await expect(mai.page.get_by_text("This is your last way to sign in.")).to_be_visible()


async def test_a_second_device_is_signed_in_by_its_qr_code_and_signed_out_from_the_first(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    url = _named(parlor)
    mai = await _a_guest(browsers, url, "Mai Laptop")
    await _keep(mai)
    code = await _code(mai.page)
    await expect(mai.page.get_by_role("img", name="QR code")).to_be_visible()
    assert await violations(mai.page) == []

    phone = RoomPage(await browsers.page(None), url, "Mai Laptop")
    await phone.page.goto(f"{url}/sign-in#code={code}")
    await phone.page.get_by_role("button", name="Sign in").press("Enter")
    await _expect_signed_in(phone.page, "Mai Laptop")
    assert "#" not in phone.page.url
    await phone.join(await make_room(url))

    await mai.page.reload()
    await mai.page.get_by_role("button", name=re.compile("^Sign out on ")).press("Enter")
    await expect(phone.page.get_by_role("heading", name="You are signed out")).to_be_visible(timeout=5_000)

    # The code was for one device.
    await phone.page.goto(f"{url}/sign-in#code={code}")
    await phone.page.get_by_role("button", name="Sign in").press("Enter")
    await expect(phone.page.get_by_text("This does not sign you in")).to_be_visible()


async def test_a_recovery_code_opens_the_profile_and_the_guest_of_that_browser_comes_along(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    url = _named(parlor)
    mai = await _a_guest(browsers, url, "Mai Codes")
    await _keep(mai)
    await mai.page.get_by_role("button", name="Make recovery codes").press("Enter")
    codes = mai.page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    await expect(codes).to_have_count(10)
    code = await codes.nth(3).inner_text()

    other = await _a_guest(browsers, url, "A guest elsewhere")
    await other.page.goto(f"{url}/sign-in")
    await other.page.get_by_label("Code", exact=True).fill(code.lower().replace("-", " "))
    await other.page.keyboard.press("Enter")
    await expect(other.page.get_by_text("You are signed in as Mai Codes.")).to_be_visible()
    await other.page.get_by_role("button", name="Bring them along").press("Enter")
    await _expect_signed_in(other.page, "Mai Codes")
    await other.page.goto(f"{url}/profile")
    await expect(other.page.get_by_text("9 recovery codes are left")).to_be_visible()


async def test_everything_can_be_taken_along_and_deleted(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    mai = await _a_guest(browsers, _named(parlor), "Mai Leaves")
    await mai.page.goto(f"{mai.url}/profile")
    async with mai.page.expect_download() as loading:
        await mai.page.get_by_role("button", name="Download everything").press("Enter")
    download = await loading.value
    assert re.fullmatch(r"parlor-\d{4}-\d\d-\d\d\.zip", download.suggested_filename)
    saved = await asyncio.to_thread(Path(await download.path()).read_bytes)
    with zipfile.ZipFile(io.BytesIO(saved)) as file:
        assert file.testzip() is None
        (profile,) = json.loads(file.read("profile.json"))
    assert profile["name"] == "Mai Leaves"

    token = await _token(mai.page)
    await mai.page.get_by_role("button", name="Delete my profile").press("Enter")
    dialog = mai.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Delete everything").press("Enter")
    await expect(mai.page.get_by_role("button", name="Come in")).to_be_visible()
    answer = await mai.page.request.get(
        f"{mai.url}/api/users/me", headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status, (await answer.json())["code"]) == (401, "profile_gone")


async def _token(page: Page) -> str:
    held: dict[str, Any] = await page.evaluate("() => JSON.parse(localStorage['parlor.session'])")
    return str(held["token"])


async def test_at_an_address_without_a_name_the_page_says_where_passkeys_work(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    mai = await _a_guest(browsers, _numbered(parlor), "Mai Numbers")
    await mai.page.goto(f"{mai.url}/profile")
    link = mai.page.get_by_role("link", name=_named(parlor))
    await expect(link).to_have_attribute("href", f"{_named(parlor)}/profile")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connected(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[ServerProcess, Mailbox]]:
    """A server with an SMTP server and an OpenID Connect provider."""
    with socket.socket() as free:  # links in e-mails need the port before the server starts
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with mailbox() as box, openid_provider() as provider:
        settings = {
            "PORT": str(port),
            "PUBLIC_URL": f"http://localhost:{port}",
            "SMTP_URL": box.url,
            "MAIL_FROM": "parlor@example.org",
            "OIDC_ISSUER": provider.issuer,
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_NAME": "Example",
        }
        async with ServerProcess(tmp_path_factory.mktemp("connected"), settings) as server:
            yield server, box
            log = "\n".join(server.lines)
            assert "Traceback" not in log
            assert "mai@example.org" not in log


async def test_a_profile_is_kept_and_opened_by_links_in_e_mails(
    browsers: BrowserPool, connected: tuple[ServerProcess, Mailbox]
) -> None:
    server, box = connected
    url = _named(server)
    mai = await _a_guest(browsers, url, "Mai Mail")
    await mai.page.goto(f"{url}/profile")
    await mai.page.get_by_label("E-mail address").fill("Mai@example.org")
    await mai.page.keyboard.press("Enter")
    await expect(mai.page.get_by_text("a link is on its way")).to_be_visible()
    assert await violations(mai.page) == []
    link = await box.next_link()

    other = await browsers.page(None)
    await other.goto(link)
    await other.get_by_role("button", name="Go on", exact=True).press("Enter")
    await expect(other.get_by_text("Open this link in the browser in which you asked")).to_be_visible()

    await mai.page.goto(link)
    await mai.page.get_by_role("button", name="Go on", exact=True).press("Enter")
    await expect(mai.page.get_by_text("mai@example.org")).to_be_visible()
    await expect(mai.page.get_by_text("Your profile is kept.")).to_be_visible()

    await other.goto(f"{url}/sign-in")
    await other.get_by_label("E-mail address").fill("mai@example.org")
    await other.keyboard.press("Enter")
    await other.goto(await box.next_link())
    await other.get_by_role("button", name="Go on", exact=True).press("Enter")
    await _expect_signed_in(other, "Mai Mail")


async def test_a_profile_is_kept_and_opened_with_an_openid_provider(
    browsers: BrowserPool, connected: tuple[ServerProcess, Mailbox]
) -> None:
    url = _named(connected[0])
    mai = await _a_guest(browsers, url, "Mai Provider")
    await mai.page.goto(f"{url}/profile")
    await mai.page.get_by_role("button", name="Go on with Example").press("Enter")
    await mai.page.get_by_role("button", name="Go on", exact=True).press("Enter")
    await expect(mai.page.get_by_text("Example: mai@example.org")).to_be_visible()
    assert "code=" not in mai.page.url

    other = await browsers.page(None)
    await other.goto(f"{url}/sign-in")
    await other.get_by_role("button", name="Go on with Example").press("Enter")
    await other.get_by_role("button", name="Go on", exact=True).press("Enter")
    await _expect_signed_in(other, "Mai Provider")

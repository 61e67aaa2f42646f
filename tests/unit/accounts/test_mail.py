from __future__ import annotations

import asyncio

import pytest

from server.accounts.mail import LINK_TTL_S, MailSignIn
from server.accounts.one_time import OneTimeSecrets
from server.accounts.smtp import SmtpServer
from server.auth import TokenClaims
from server.common.token_bucket import KeyedLimiter
from server.errors import LinkOfOtherBrowser, SignInRefused, SignInTaken, TooManyMails, Unavailable
from tests.fakes.accounts import FakeAccounts, FakeOneTime
from tests.fakes.mailbox import mailbox

ANN, EVE = TokenClaims("ann", "session of ann"), TokenClaims("eve", "session of eve")


class Buckets:
    """The limits of all servers, in memory."""

    def __init__(self) -> None:
        self._limiters: dict[str, KeyedLimiter] = {}

    async def take(self, kind: str, key: str, rate_per_s: float, burst: float, n: float) -> float | None:
        return self._limiters.setdefault(kind, KeyedLimiter(rate_per_s, burst)).take(key, 0.0, n)


class World:
    def __init__(self, buckets: Buckets | None = None) -> None:
        self.now = 1_800_000_000.0
        self.store = FakeAccounts()
        self.sent: list[tuple[str, str, str]] = []
        self.arrived = asyncio.Event()
        once = OneTimeSecrets(FakeOneTime(), lambda: self.now)
        self.mail = MailSignIn(
            self.store, once, self._send, "https://parlor.example", lambda: self.now, buckets=buckets
        )

    async def _send(self, address: str, subject: str, text: str) -> None:
        self.sent.append((address, subject, text))
        self.arrived.set()

    async def token(self, address: str, user_id: str | None = None) -> str:
        self.arrived.clear()
        await self.mail.ask(address, "en", "192.0.2.1", user_id)
        async with asyncio.timeout(5):
            await self.arrived.wait()
        return self.sent[-1][2].partition("https://parlor.example/sign-in#mail=")[2].split()[0]


async def test_a_link_adds_the_address_to_the_profile_that_asked_and_then_signs_in() -> None:
    world = World()
    token = await world.token("Ann@Example.org", "ann")
    assert world.sent[0][:2] == ("ann@example.org", "Keep your Parlor profile")
    assert await world.mail.finish(token, ANN) == "ann"
    (identity,) = await world.store.identities_of("ann")
    assert (identity.subject, identity.label) == ("ann@example.org", "ann@example.org")
    with pytest.raises(SignInRefused):
        await world.mail.finish(token, ANN)
    again = await world.token("ann@example.org")
    assert world.sent[1][1] == "Sign in to Parlor"
    assert await world.mail.finish(again, None) == "ann"


async def test_only_the_browser_that_asked_adds_the_address() -> None:
    """Otherwise eve could make ann add her address to eve's profile, and read what ann says there."""
    world = World()
    token = await world.token("ann@example.org", "eve")
    for claims in (None, ANN):
        with pytest.raises(LinkOfOtherBrowser):
            await world.mail.finish(token, claims)
    assert await world.mail.finish(token, EVE) == "eve"


async def test_an_address_of_another_profile_opens_that_and_is_not_added() -> None:
    world = World()
    await world.mail.finish(await world.token("ann@example.org", "ann"), ANN)
    token = await world.token("ann@example.org", "eve")
    assert await world.mail.finish(token, EVE) == "ann"
    assert await world.store.identities_of("eve") == []


async def test_of_two_profiles_that_ask_for_one_address_one_gets_it() -> None:
    world = World()
    first, second = await world.token("ann@example.org", "ann"), await world.token("ann@example.org", "eve")
    assert await world.mail.finish(first, ANN) == "ann"
    with pytest.raises(SignInTaken):
        await world.mail.finish(second, EVE)


async def test_an_unknown_address_gets_no_mail_and_a_link_expires() -> None:
    world = World()
    await world.mail.ask("nobody@example.org", "en", "192.0.2.1")
    token = await world.token("ann@example.org", "ann")
    assert [address for address, _, _ in world.sent] == ["ann@example.org"]
    world.now += LINK_TTL_S
    with pytest.raises(SignInRefused):
        await world.mail.finish(token, ANN)


async def test_mails_are_limited_by_recipient_and_by_caller() -> None:
    world = World()
    for _ in range(3):
        await world.mail.ask("ann@example.org", "en", "192.0.2.1")
    with pytest.raises(TooManyMails):
        await world.mail.ask("ANN@example.org", "en", "192.0.2.1")
    for n in range(16):
        await world.mail.ask(f"n{n}@example.org", "vi", "192.0.2.1")
    with pytest.raises(TooManyMails):
        await world.mail.ask("one-more@example.org", "vi", "192.0.2.1")
    await world.mail.ask("one-more@example.org", "vi", "192.0.2.2")
    await world.mail.aclose()


async def test_one_caller_does_not_keep_the_owner_of_an_address_out() -> None:
    world = World()
    first = await world.token("ann@example.org", "ann")
    await world.mail.finish(first, ANN)
    link = await world.token("ann@example.org")
    for _ in range(3):
        await world.mail.ask("ann@example.org", "en", "198.51.100.9")
    with pytest.raises(TooManyMails):
        await world.mail.ask("ann@example.org", "en", "198.51.100.9")
    assert await world.mail.finish(link, None) == "ann"
    assert await world.mail.finish(await world.token("ann@example.org"), None) == "ann"
    await world.mail.aclose()


async def test_many_callers_fill_nobodys_mailbox() -> None:
    world = World()
    for n in range(10):
        await world.mail.ask("ann@example.org", "en", f"192.0.2.{n}")
    with pytest.raises(TooManyMails):
        await world.mail.ask("ann@example.org", "en", "192.0.2.99")
    await world.mail.aclose()


async def test_mails_are_limited_over_all_servers() -> None:
    buckets = Buckets()
    here, there = World(buckets), World(buckets)
    for _ in range(3):
        await here.mail.ask("ann@example.org", "en", "192.0.2.1")
    with pytest.raises(TooManyMails):
        await there.mail.ask("ann@example.org", "en", "192.0.2.1")
    await there.mail.ask("ben@example.org", "en", "192.0.2.2")
    for world in (here, there):
        await world.mail.aclose()


async def test_an_smtp_server_receives_the_mail_or_refuses_it() -> None:
    async with mailbox() as box:
        server = SmtpServer(box.url, "parlor@example.org")
        await server.send("ann@example.org", "Đăng nhập Parlor", "Mở liên kết này.\n")
        mail = await box.next()
        assert (mail["To"], mail["From"]) == ("ann@example.org", "parlor@example.org")
        assert mail["Subject"] == "Đăng nhập Parlor"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail.get_content().strip() == "Mở liên kết này."
        box.refuses = True
        with pytest.raises(Unavailable):
            await server.send("ann@example.org", "Hello", "Hello\n")
    with pytest.raises(Unavailable):
        await server.send("ann@example.org", "Hello", "Hello\n")

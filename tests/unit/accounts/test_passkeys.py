from __future__ import annotations

import json

import pytest

from server.accounts.one_time import OneTimeSecrets
from server.accounts.passkeys import CHALLENGE_TTL_S, Passkeys
from server.accounts.relying_party import relying_party
from server.auth import TokenClaims
from server.errors import SignInNotOffered, SignInRefused, SignInTaken, TooManySignIns
from tests.fakes.accounts import FakeAccounts, FakeOneTime
from tests.fakes.authenticator import Authenticator
from tests.fakes.rooms_world import a_user

SITE = "https://parlor.example"
ANN = TokenClaims("ann", "session of ann")


class World:
    def __init__(self, public_url: str = SITE) -> None:
        self.now = 1_800_000_000.0
        self.store = FakeAccounts()
        once = OneTimeSecrets(FakeOneTime(), lambda: self.now)
        self.passkeys = Passkeys(relying_party(public_url), self.store, once, lambda: self.now)

    async def register(self, device: Authenticator, claims: TokenClaims = ANN) -> None:
        options = await self.passkeys.registration_options(a_user(claims.user_id), claims)
        await self.passkeys.register(claims, device.create(options), "Laptop", device.origin)

    async def sign_in(self, device: Authenticator) -> str:
        answer = device.get(await self.passkeys.sign_in_options())
        return await self.passkeys.sign_in(answer, device.origin)


async def test_a_passkey_signs_in_whoever_registered_it() -> None:
    world, ann, ben = World(), Authenticator(SITE), Authenticator(SITE, count=7)
    await world.register(ann)
    await world.register(ben, TokenClaims("ben", "session of ben"))
    assert [await world.sign_in(device) for device in (ben, ann, ben)] == ["ben", "ann", "ben"]
    (stored,) = await world.store.passkeys_of("ben")
    assert (stored.name, stored.sign_count, stored.used_at) == ("Laptop", 9, world.now)


async def test_an_answer_is_accepted_once_and_in_time() -> None:
    world, device = World(), Authenticator(SITE)
    await world.register(device)
    answer = device.get(await world.passkeys.sign_in_options())
    assert await world.passkeys.sign_in(answer, SITE) == "ann"
    with pytest.raises(SignInRefused):
        await world.passkeys.sign_in(answer, SITE)
    late = device.get(await world.passkeys.sign_in_options())
    world.now += CHALLENGE_TTL_S
    with pytest.raises(SignInRefused):
        await world.passkeys.sign_in(late, SITE)


async def test_a_registration_belongs_to_the_session_that_asked_for_it() -> None:
    world, device = World(), Authenticator(SITE)
    answer = device.create(await world.passkeys.registration_options(a_user("ann"), ANN))
    for other in (TokenClaims("ann", "another session"), TokenClaims("eve", ANN.session_id)):
        with pytest.raises(SignInRefused):
            await world.passkeys.register(other, answer, "Laptop", SITE)
    with pytest.raises(SignInRefused):  # the challenge is used up, whoever tried it
        await world.passkeys.register(ANN, answer, "Laptop", SITE)
    assert await world.store.passkeys_of("ann") == []


async def test_a_challenge_for_one_purpose_serves_no_other() -> None:
    world, device = World(), Authenticator(SITE)
    await world.register(device)
    options = json.loads(await world.passkeys.registration_options(a_user("ann"), ANN))
    answer = device.get(json.dumps({"rpId": "parlor.example", "challenge": options["challenge"]}))
    with pytest.raises(SignInRefused):
        await world.passkeys.sign_in(answer, SITE)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://parlor.example", "", "https://parlor.example:444"]
)
async def test_a_page_of_another_origin_is_refused(origin: str) -> None:
    world, device = World(), Authenticator(SITE)
    await world.register(device)
    device.origin = origin
    with pytest.raises(SignInNotOffered):  # as the browser says it in the header
        await world.sign_in(device)
    answer = device.get(await world.passkeys.sign_in_options())
    with pytest.raises(SignInRefused):  # as the authenticator has signed it
        await world.passkeys.sign_in(answer, SITE)


async def test_a_copied_authenticator_is_noticed_by_its_count() -> None:
    world, device = World(), Authenticator(SITE, count=5)
    await world.register(device)
    await world.sign_in(device)
    device.count = 5
    with pytest.raises(SignInRefused):
        await world.sign_in(device)


async def test_the_key_and_the_user_handle_are_checked() -> None:
    world, device = World(), Authenticator(SITE)
    await world.register(device)
    forged = Authenticator(SITE, credential_id=device.credential_id, user_handle=b"ann")
    with pytest.raises(SignInRefused):
        await world.sign_in(forged)
    device.user_handle = b"ben"
    with pytest.raises(SignInRefused):
        await world.sign_in(device)
    with pytest.raises(SignInRefused):
        await world.sign_in(Authenticator(SITE))


async def test_a_passkey_is_registered_once_and_their_number_is_limited() -> None:
    world, device = World(), Authenticator(SITE)
    await world.register(device)
    with pytest.raises(SignInTaken):
        await world.register(device, TokenClaims("ben", "session of ben"))
    for _ in range(19):
        await world.register(Authenticator(SITE))
    with pytest.raises(TooManySignIns):
        await world.register(Authenticator(SITE))


@pytest.mark.parametrize(
    "credential",
    [
        "{}",
        "[]",
        "null",
        "x",
        '{"id": 1}',
        "[" * 20_000,
        '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
    ],
)
async def test_what_is_no_credential_is_refused(credential: str) -> None:
    world = World()
    with pytest.raises(SignInRefused):
        await world.passkeys.sign_in(credential, SITE)
    with pytest.raises(SignInRefused):
        await world.passkeys.register(ANN, credential, "Laptop", SITE)


@pytest.mark.parametrize(
    "url", ["http://parlor.example", "http://192.168.1.5:8080", "https://10.0.0.1", "https://[::1]"]
)
async def test_where_browsers_allow_no_passkeys_none_are_offered(url: str) -> None:
    world = World(url)
    assert world.passkeys.host is None
    with pytest.raises(SignInNotOffered):
        await world.passkeys.sign_in_options()


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("", "http://localhost:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://parlor.example:8443/", "https://parlor.example:8443"),
        ("https://parlor.example:443", SITE),
    ],
)
async def test_the_page_of_the_server_itself_may_use_them(url: str, origin: str) -> None:
    world, device = World(url), Authenticator(origin)
    await world.register(device)
    assert await world.sign_in(device) == "ann"

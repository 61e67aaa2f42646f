from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import ECKey

from server.accounts.one_time import OneTimeSecrets
from server.accounts.provider import ProviderSettings, ProviderSignIn
from server.auth import TokenClaims
from server.errors import SignInRefused, SignInTaken, Unavailable
from tests.fakes.accounts import FakeAccounts, FakeOneTime
from tests.fakes.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, openid_provider

ANN, EVE = TokenClaims("ann", "session of ann"), TokenClaims("eve", "session of eve")
TAB = "a secret of this very tab"


@dataclass
class World:
    provider: OpenIdProvider
    store: FakeAccounts
    sign_in: ProviderSignIn

    async def visit(self, user_id: str | None = None) -> tuple[str, str]:
        """Code and state that the provider sends back."""
        url = urlsplit(await self.sign_in.start(TAB, user_id))
        query = dict(parse_qsl(url.query))
        return self.provider.code_for(query), query["state"]

    async def add(self, claims: TokenClaims = ANN) -> str:
        code, state = await self.visit(claims.user_id)
        return await self.sign_in.finish(code, state, TAB, claims)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with openid_provider() as provider:
        page = "https://parlor.example"
        settings = ProviderSettings(provider.issuer, CLIENT_ID, "Example", page, CLIENT_SECRET)
        store = FakeAccounts()
        once = OneTimeSecrets(FakeOneTime(), time.time)
        yield World(provider, store, ProviderSignIn(settings, store, once, time.time))


async def test_the_providers_person_is_added_to_a_profile_and_signs_in_afterwards(world: World) -> None:
    assert await world.add() == "ann"
    (identity,) = await world.store.identities_of("ann")
    assert (identity.subject, identity.label) == ("person-7", "Example: mai@example.org")
    code, state = await world.visit()
    assert await world.sign_in.finish(code, state, TAB, None) == "ann"
    with pytest.raises(SignInRefused):  # once
        await world.sign_in.finish(code, state, TAB, None)


async def test_somebody_who_has_no_profile_is_not_signed_in(world: World) -> None:
    code, state = await world.visit()
    with pytest.raises(SignInRefused):
        await world.sign_in.finish(code, state, TAB, None)


async def test_the_person_of_another_profile_is_not_added(world: World) -> None:
    await world.add()
    with pytest.raises(SignInTaken):
        await world.add(EVE)


async def test_an_answer_belongs_to_the_tab_and_the_profile_that_asked(world: World) -> None:
    code, state = await world.visit("ann")
    with pytest.raises(SignInRefused):
        await world.sign_in.finish(code, state, "the secret of another tab", ANN)
    for claims in (None, EVE):
        code, state = await world.visit("ann")
        with pytest.raises(SignInRefused):
            await world.sign_in.finish(code, state, TAB, claims)
    with pytest.raises(SignInRefused):
        await world.sign_in.finish("a code of their own", "no state of ours", TAB, ANN)
    assert await world.store.identities_of("ann") == []


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another client"},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1_000},
        {"sub": None},
    ],
)
async def test_an_id_token_for_something_else_is_refused(world: World, claims: dict[str, Any]) -> None:
    world.provider.claims = claims
    with pytest.raises(SignInRefused):
        await world.add()


async def test_an_id_token_that_somebody_else_signed_is_refused(world: World) -> None:
    world.provider.shown = ECKey.generate_key("P-256", {"kid": "k1"})
    with pytest.raises(SignInRefused):
        await world.add()


async def test_a_code_of_another_visit_is_refused(world: World) -> None:
    """PKCE: somebody who steals a code has not the verifier."""
    code, _ = await world.visit("eve")
    _, state = await world.visit("ann")
    with pytest.raises(SignInRefused):
        await world.sign_in.finish(code, state, TAB, ANN)


async def test_a_provider_that_does_not_answer_is_unavailable() -> None:
    settings = ProviderSettings("http://127.0.0.1:1", CLIENT_ID, "Example", "https://parlor.example")
    once = OneTimeSecrets(FakeOneTime(), time.time)
    with pytest.raises(Unavailable):
        await ProviderSignIn(settings, FakeAccounts(), once, time.time).start(TAB, None)

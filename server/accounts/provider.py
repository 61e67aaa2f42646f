"""Sign-in with an OpenID Connect provider: the authorization code flow with PKCE, state and nonce."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import aiohttp
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from server.accounts.model import MAX_SIGN_INS, Identity, Purpose
from server.accounts.one_time import OneTimeSecrets
from server.accounts.ports import AccountStore
from server.auth import TokenClaims
from server.common.http_body import limited_body
from server.errors import SignInRefused, Unavailable
from server.rooms.model import digest, new_secret

STATE_TTL_S = 600.0
_TIMEOUT = aiohttp.ClientTimeout(total=10.0)
_MAX_ANSWER = 256 * 1024
_ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]
_LEEWAY_S = 60


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """`page`: the server's own address, without a slash at its end. `name`: for people."""

    issuer: str
    client_id: str
    name: str
    page: str
    client_secret: str = field(default="", repr=False)

    @property
    def redirect_uri(self) -> str:
        return f"{self.page}/sign-in"


class ProviderSignIn:
    """`clock` is seconds since the epoch."""

    def __init__(
        self,
        settings: ProviderSettings,
        store: AccountStore,
        once: OneTimeSecrets,
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._store = store
        self._once = once
        self._clock = clock
        self._known: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        return self._settings.name

    async def start(self, binding: str, user_id: str | None) -> str:
        """The address at the provider to which the page goes. `binding`: a secret of the page, so that nobody
        else's answer is accepted there. `user_id`: whose profile it is added to. Raises Unavailable."""
        settings, provider = self._settings, await self._provider()
        state, nonce, verifier = new_secret(), new_secret(), secrets.token_urlsafe(48)
        value = {"nonce": nonce, "verifier": verifier, "binding": digest(binding), "adds_to": user_id}
        await self._once.keep(state, Purpose.PROVIDER, STATE_TTL_S, value)
        query = {
            "response_type": "code",
            "client_id": settings.client_id,
            "redirect_uri": settings.redirect_uri,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        address = str(provider["authorization_endpoint"])
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"

    async def finish(self, code: str, state: str, binding: str, claims: TokenClaims | None) -> str:
        """The id of the user whom the provider's answer signs in. Raises SignInRefused, SignInTaken,
        TooManySignIns, Unavailable."""
        asked = await self._once.take(Purpose.PROVIDER, state)
        if asked is None or asked.value["binding"] != digest(binding):
            raise SignInRefused
        adds_to = asked.value["adds_to"]
        if adds_to is not None and (claims is None or claims.user_id != adds_to):
            raise SignInRefused
        person = await self._redeem(code, asked.value)
        issuer, subject = self._settings.issuer, str(person["sub"])[:255]
        known = await self._store.find_identity(issuer, subject)
        if known is not None and adds_to in {None, known.user_id}:
            return known.user_id
        if adds_to is None:  # nobody has added it to a profile
            raise SignInRefused
        label = f"{self._settings.name}: {str(person.get('email') or subject)[:200]}"
        now = self._clock()
        identity = Identity(secrets.token_hex(12), adds_to, issuer, subject, label, now)
        await self._store.add_identity(identity, MAX_SIGN_INS)
        return str(adds_to)

    async def _redeem(self, code: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """The claims of the ID token for the code. Raises SignInRefused, Unavailable."""
        settings, provider = self._settings, await self._provider()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": settings.redirect_uri,
            "client_id": settings.client_id,
            "code_verifier": str(asked["verifier"]),
        }
        headers = {}
        if settings.client_secret:  # form-encoded first: RFC 6749 section 2.3.1
            names = (quote_plus(settings.client_id), quote_plus(settings.client_secret))
            headers["Authorization"] = aiohttp.encode_basic_auth(*names)
        answer = await _fetch("POST", str(provider["token_endpoint"]), data=form, headers=headers)
        keys = await _fetch("GET", str(provider["jwks_uri"]))
        return self._checked(answer, keys, str(asked["nonce"]))

    def _checked(self, answer: Mapping[str, Any], keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        try:
            key_set = KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]  # it checks the form itself
            token = jwt.decode(str(answer["id_token"]), key_set, algorithms=_ALGORITHMS)
            options = {
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": self._settings.client_id},
            }
            params = {"nonce": nonce, "client_id": self._settings.client_id}
            person = CodeIDToken(token.claims, token.header, options, params)
            person.validate(now=int(self._clock()), leeway=_LEEWAY_S)
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise SignInRefused from error
        return dict(person)

    async def _provider(self) -> Mapping[str, Any]:
        """The provider's own description (OpenID Connect Discovery 1.0). Raises Unavailable."""
        if self._known is None:
            url = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = await _fetch("GET", url)
            endpoints = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if found.get("issuer") != self._settings.issuer or not all(found.get(name) for name in endpoints):
                raise Unavailable("The sign-in provider is not set up as it should be.")
            self._known = found
        return self._known


async def _fetch(method: str, url: str, **options: Any) -> Mapping[str, Any]:
    """A JSON object of the provider. Raises SignInRefused if it refuses, Unavailable."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            http.request(method, url, allow_redirects=False, **options) as response,
        ):
            if 400 <= response.status < 500:
                raise SignInRefused
            body = await limited_body(response.content.iter_any(), _MAX_ANSWER)
            found = json.loads(body) if response.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError) as error:  # BodyTooLarge too
        raise Unavailable from error
    if not isinstance(found, dict):
        raise Unavailable
    return found

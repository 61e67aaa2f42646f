"""An OpenID Connect provider on this machine: whoever comes is the same person, and agrees at once."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from aiohttp import encode_basic_auth, web
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT_ID, CLIENT_SECRET = "parlor-client", "a%secret+of:the_client"


@dataclass
class OpenIdProvider:
    """`issuer`: for PARLOR_OIDC_ISSUER. `claims`: what ID tokens have beside the usual ones, or instead.
    `key` signs; `shown` is the key that people may check with."""

    issuer: str = ""
    subject: str = "person-7"
    claims: dict[str, Any] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "k1"}))
    shown: ECKey | None = None
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    async def describe(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def authorize(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        answer = urlencode({"code": self.code_for(query), "state": query["state"]})
        raise web.HTTPFound(f"{query['redirect_uri']}?{answer}")

    def code_for(self, query: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.asked[code] = query
        return code

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self.asked.pop(str(form["code"]), None)
        is_client = request.headers.get("Authorization") == encode_basic_auth(
            CLIENT_ID, quote_plus(CLIENT_SECRET)
        )
        challenge = create_s256_code_challenge(str(form["code_verifier"]))
        if asked is None or not is_client or challenge != asked["code_challenge"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            "email": "mai@example.org",
        }
        token = jwt.encode({"alg": "ES256", "kid": "k1"}, {**claims, **self.claims}, self.key)
        return web.json_response({"access_token": "a", "token_type": "Bearer", "id_token": token})

    async def keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [(self.shown or self.key).as_dict(private=False)]})


@asynccontextmanager
async def openid_provider() -> AsyncGenerator[OpenIdProvider]:
    provider = OpenIdProvider()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", provider.describe)
    app.router.add_get("/authorize", provider.authorize)
    app.router.add_post("/token", provider.token)
    app.router.add_get("/keys", provider.keys)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield provider
    finally:
        await runner.cleanup()

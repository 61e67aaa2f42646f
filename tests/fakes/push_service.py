"""A push service on this machine, with devices. It takes what a server sends (RFC 8030) and checks who sends
it (RFC 8292); the devices decrypt it (RFC 8291, RFC 8188) with code that shares nothing with the server's."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.push.model import Target

_DAY_S = 86_400
_MAX_BODY = 4_096


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """A browser's subscription, with the private key that only the browser has."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def p256dh(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def target(self) -> Target:
        return Target(self.endpoint, self.p256dh, self.auth)

    def wire(self) -> dict[str, str]:
        """The body of POST /api/push/subscription."""
        return {"endpoint": self.endpoint, "publicKey": b64(self.p256dh), "auth": b64(self.auth)}

    def decrypt(self, body: bytes) -> bytes:
        """Raises InvalidTag for what was not encrypted for this device."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size, "a message is one record"
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), public)
        secret = _hkdf(self.auth, shared, b"WebPush: info\0" + self.p256dh + sender, 32)
        key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        text = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert text[-1:] == b"\x02", "the last record ends with 2"
        return text[:-1]


@dataclass(frozen=True)
class Received:
    device: Device
    payload: dict[str, Any]
    headers: dict[str, str]


@dataclass
class PushService:
    """`url`: its origin. `answers`: statuses of the next requests, else 201. `public_key`: what devices
    subscribed with; requests of others are refused. `news`: what was received, one after the other."""

    url: str = ""
    public_key: str = ""
    answers: list[int] = field(default_factory=list)
    retry_after: str = ""
    received: list[Received] = field(default_factory=list)
    news: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)
    requests: int = 0
    devices: dict[str, Device] = field(default_factory=dict)
    clock: Callable[[], float] = time.time

    def device(self) -> Device:
        name = secrets.token_urlsafe(12)
        device = self.devices[name] = Device(f"{self.url}/send/{name}")
        return device

    def payloads(self, device: Device) -> list[dict[str, Any]]:
        return [received.payload for received in self.received if received.device is device]

    async def take(self, request: web.Request) -> web.Response:
        self.requests += 1
        headers = dict(request.headers)
        device = self.devices.get(request.match_info["name"])
        if device is None:
            return web.Response(status=404)
        self._check(headers)
        if self.answers:
            status = self.answers.pop(0)
            if status != 201:
                answer = {"Retry-After": self.retry_after} if self.retry_after else {}
                return web.Response(status=status, headers=answer)
        body = await request.read()
        assert len(body) <= _MAX_BODY
        received = Received(device, json.loads(device.decrypt(body)), headers)
        self.received.append(received)
        self.news.put_nowait(received)
        return web.Response(status=201)

    def _check(self, headers: dict[str, str]) -> None:
        assert headers["Content-Encoding"] == "aes128gcm"
        assert 0 <= int(headers["TTL"]) <= _DAY_S
        assert headers["Urgency"] in {"low", "normal", "high"}
        assert len(headers["Topic"]) <= 32
        scheme, _, rest = headers["Authorization"].partition(" ")
        assert scheme == "vapid"
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        if self.public_key:
            assert parts["k"] == self.public_key
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
        options: Any = {"verify_exp": False, "require": ["aud", "exp"]}
        claims = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=self.url, options=options)
        assert self.clock() < claims["exp"] <= self.clock() + _DAY_S


@asynccontextmanager
async def push_service() -> AsyncGenerator[PushService]:
    service = PushService()
    app = web.Application()
    app.router.add_post("/send/{name}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256, for up to 32 bytes."""
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()[:length]

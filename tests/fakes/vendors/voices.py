"""Azure's `/cognitiveservices/v1` and ElevenLabs's `/v1/text-to-speech/{voice}/stream`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.vendors.server import Vendor, serving, stream


@dataclass(slots=True)
class Voices(Vendor):
    audio: bytes = bytes(range(256)) * 64

    async def speak(self, request: web.Request) -> web.StreamResponse:
        bad = await self.take(request)
        pieces = [self.audio[i : i + 1_001] for i in range(0, len(self.audio), 1_001)]
        return await stream(request, bad, pieces, "audio/basic")


@asynccontextmanager
async def voices() -> AsyncIterator[Voices]:
    vendor = Voices()
    routes = [
        web.post("/cognitiveservices/v1", vendor.speak),
        web.post("/v1/text-to-speech/{voice}/stream", vendor.speak),
    ]
    async with serving(vendor, routes):
        yield vendor

"""Azure's `/cognitiveservices/v1` and ElevenLabs's `/v1/text-to-speech/{voice}/stream/with-timestamps`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.vendors.server import Vendor, serving, stream

BYTES_PER_S = 48_000
"""Both send 16-bit samples at 24 kHz."""


@dataclass(slots=True)
class Voices(Vendor):
    audio: bytes = bytes(range(256)) * 64

    async def speak(self, request: web.Request) -> web.StreamResponse:
        fault = await self.next_fault(request)
        pieces = [self.audio[i : i + 1_001] for i in range(0, len(self.audio), 1_001)]
        return await stream(request, fault, pieces, "audio/basic")

    async def speak_timed(self, request: web.Request) -> web.StreamResponse:
        """All characters of the text have the same duration."""
        fault = await self.next_fault(request)
        text = json.loads(self.calls[-1].body)["text"]
        each_s = len(self.audio) / BYTES_PER_S / len(text)
        lines = []
        for begin in range(0, len(self.audio), 1_001):
            until_s = (begin + 1_001) / BYTES_PER_S
            within = [i for i in range(len(text)) if begin / BYTES_PER_S <= i * each_s < until_s]
            alignment = {
                "characters": [text[i] for i in within],
                "character_start_times_seconds": [i * each_s for i in within],
                "character_end_times_seconds": [(i + 1) * each_s for i in within],
            }
            audio = b64encode(self.audio[begin : begin + 1_001]).decode()
            message = {"audio_base64": audio, "alignment": alignment if within else None}
            lines.append(json.dumps(message).encode() + b"\n\n")
        return await stream(request, fault, lines, "application/json")


@asynccontextmanager
async def voices() -> AsyncIterator[Voices]:
    vendor = Voices()
    routes = [
        web.post("/cognitiveservices/v1", vendor.speak),
        web.post("/v1/text-to-speech/{voice}/stream/with-timestamps", vendor.speak_timed),
    ]
    async with serving(vendor, routes):
        yield vendor

"""TTS: espeak-ng. No key, any language, first samples within milliseconds, exact word marks."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import AsyncGenerator, Sequence
from typing import Final, cast

import numpy as np

from ai_agent.config import Settings
from ai_agent.errors import EngineTimeout, EngineUnavailable, ProviderError, RequestRefused
from ai_agent.providers.local.pipe_protocol import EspeakKind, Frame
from ai_agent.providers.local.process import EngineProcess, require
from ai_agent.providers.ports import (
    EngineCard,
    SpeechChunk,
    SpeechRequest,
    VoiceCard,
    WordMark,
    choose_voice,
    primary_tag,
)

CHILD = "ai_agent.providers.local.espeak_child"
CARD = EngineCard(name="espeak-ng", vendor="local", is_cloud=False)
SAMPLE_RATE = 22_050
WORDS_A_MINUTE = 165
MAX_CHARACTERS = 2_000
GAP_S = 3.0
"""A process that sends nothing for this long while it speaks hangs, and is replaced."""

EXTRA_VOICES: Final = (
    VoiceCard("en-us+f3", "American, high", "en-US"),
    VoiceCard("en-us", "American, low", "en-US"),
    VoiceCard("en+f3", "British, high", "en-GB"),
    VoiceCard("en-gb-x-rp", "British, low", "en-GB"),
    VoiceCard("vi+f3", "Hà Nội, high", "vi-VN"),
    VoiceCard("vi", "Hà Nội, low", "vi-VN"),
    VoiceCard("vi-vn-x-central+f3", "Huế, high", "vi-VN"),
    VoiceCard("vi-vn-x-south+f3", "Sài Gòn, high", "vi-VN"),
    VoiceCard("vi-vn-x-south", "Sài Gòn, low", "vi-VN"),
)
"""The first of a language is its default. +f3 is a variant with a woman's pitch and formants."""
TAG = re.compile(r"^(?P<primary>[a-z]{2,3})(-(?P<region>[a-z]{2}))?$")
OTHER_NAMES = {"cmn": "zh"}
_SEPARATE = {primary_tag(card.language) for card in EXTRA_VOICES}


def voice_cards(listed: Sequence[tuple[str, str, str]]) -> tuple[VoiceCard, ...]:
    """EXTRA_VOICES, then one for each other language that espeak-ng lists. `listed`: (tag, id, name)."""
    cards = list(EXTRA_VOICES)
    for tag, voice, name in listed:
        match = TAG.match(tag)
        if match is None or match["primary"] in _SEPARATE:
            continue
        base = OTHER_NAMES.get(match["primary"], match["primary"])
        language = f"{base}-{match['region'].upper()}" if match["region"] else base
        cards.append(VoiceCard(f"{voice}+f3", name.split(",", maxsplit=1)[0], language))
    return tuple(cards)


def build(settings: Settings) -> EspeakTts:
    """Raises ImportError if its package is not installed."""
    del settings
    require("espeakng_loader")
    return EspeakTts()


class EspeakTts:
    """One process serves the whole worker, because it is 200 times faster than real time."""

    card = CARD
    sample_rate = SAMPLE_RATE

    def __init__(self, *, gap_s: float = GAP_S, module: str = CHILD) -> None:
        self._gap_s = gap_s
        self._process = EngineProcess(CARD.name, module, self._on_frame, self._on_lost)
        self._speaking: dict[int, asyncio.Queue[Frame | None]] = {}
        self._numbers = itertools.count(1)
        self._voices: tuple[VoiceCard, ...] = EXTRA_VOICES

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def voices(self) -> Sequence[VoiceCard]:
        """Complete once the engine has started."""
        return self._voices

    async def warm_up(self) -> None:
        """Raises ProviderError if it cannot run here."""
        await self._process.ensure()
        self._voices = voice_cards(cast("list[tuple[str, str, str]]", self._process.about["voices"]))

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        await self.warm_up()
        body = self._request(request)
        number = next(self._numbers)
        frames: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._speaking[number] = frames
        done = False
        try:
            self._process.send(EspeakKind.SPEAK, number, body)
            marks: tuple[WordMark, ...] = ()
            marked_to = 0
            while (frame := await self._next(frames)).kind != EspeakKind.END:
                if frame.kind == EspeakKind.FAILED:
                    raise RequestRefused(CARD.name, frame.body.decode(errors="replace"))
                if frame.kind == EspeakKind.MARKS:
                    marks += read_marks(frame.body, marked_to, len(request.text))
                    marked_to = marks[-1].end if marks else marked_to
                elif frame.kind == EspeakKind.AUDIO:
                    yield SpeechChunk(np.frombuffer(frame.body, dtype="<i2").astype(np.int16), marks)
                    marks = ()
            done = True
        finally:
            del self._speaking[number]
            if not done:
                self._cancel(number)

    async def aclose(self) -> None:
        await self._process.aclose()

    def _request(self, request: SpeechRequest) -> bytes:
        if len(request.text) > MAX_CHARACTERS:
            raise RequestRefused(CARD.name, f"the text is longer than {MAX_CHARACTERS} characters")
        voice = choose_voice(self._voices, request.language, request.voice)
        if voice is None:
            raise RequestRefused(CARD.name, f"no voice for {request.language}")
        text = request.text.replace("\0", " ")
        pace = round(WORDS_A_MINUTE * min(max(request.rate, 0.5), 2.0))
        return json.dumps({"text": text, "voice": voice, "wordsAMinute": pace}).encode()

    async def _next(self, frames: asyncio.Queue[Frame | None]) -> Frame:
        try:
            async with asyncio.timeout(self._gap_s):
                frame = await frames.get()
        except TimeoutError as error:
            self._process.kill()
            raise EngineTimeout(CARD.name, "no audio in time") from error
        if frame is None:
            raise EngineUnavailable(CARD.name, "its process ended")
        return frame

    def _cancel(self, number: int) -> None:
        try:
            self._process.send(EspeakKind.CANCEL, number)
        except ProviderError:
            return  # the process ended: there is nothing to cancel

    def _on_frame(self, frame: Frame) -> None:
        if (frames := self._speaking.get(frame.number)) is not None:
            frames.put_nowait(frame)

    def _on_lost(self) -> None:
        for frames in self._speaking.values():
            frames.put_nowait(None)


def read_marks(body: bytes, marked_to: int, length: int) -> tuple[WordMark, ...]:
    """Marks that advance in the text: espeak-ng sends some twice, and for numbers some beyond the end."""
    marks = []
    for at_ms, end in json.loads(body):
        if marked_to < end <= length:
            marks.append(WordMark(at_ms / 1000, end))
            marked_to = end
    return tuple(marks)

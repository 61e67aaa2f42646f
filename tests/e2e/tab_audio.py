"""The audio that a tab plays after volumes, mutes and autoplay rules, from Chromium's tab capture."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable
from itertools import pairwise

from playwright.async_api import Page

SILENT_DB = -100.0
_FFT = 8192
_POLL_S = 0.1
_CAPTURE = """
async (fftSize) => {
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const wish = { audio: plain, video: true, preferCurrentTab: true };
  const stream = await navigator.mediaDevices.getDisplayMedia(wish);
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = fftSize;
  analyser.smoothingTimeConstant = 0;
  context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(analyser);
  window.__tabAudio = (hz) => {
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const at = Math.round((hz * fftSize) / context.sampleRate);
    return Math.max(-200, ...bins.slice(at - 2, at + 3));
  };
  window.__tabRecord = () => {
    const recorder = new MediaRecorder(new MediaStream(stream.getAudioTracks()));
    const parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    return async () => {
      recorder.stop();
      await stopped;
      const bytes = await new Blob(parts).arrayBuffer();
      const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
      return sound.getChannelData(0);
    };
  };
}
"""
_BLOCK_MS = 5
_RECORD = "() => { window.__tabRecording = window.__tabRecord(); }"
_BLOCK_LEVELS = """
async (length) => {
  const samples = await window.__tabRecording();
  const levels = [];
  for (let at = 0; at + length <= samples.length; at += length) {
    const block = samples.subarray(at, at + length);
    levels.push(Math.sqrt(block.reduce((sum, x) => sum + x * x, 0) / length));
  }
  return levels;
}
"""


class TabAudio:
    """`tab = await TabAudio.of(page)`, for a page opened with `tab_audio`."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @classmethod
    async def of(cls, page: Page) -> TabAudio:
        await page.evaluate(_CAPTURE, _FFT)
        return cls(page)

    async def level(self, hz: int) -> float:
        """Level in dBFS at one frequency now; -200 is digital silence."""
        level: float = await self._page.evaluate("(hz) => window.__tabAudio(hz)", hz)
        return level

    async def record(self) -> None:
        """Record what is played from now on."""
        await self._page.evaluate(_RECORD)

    async def longest_silence_ms(self) -> float:
        """The longest time in the recording, which ends, that was not as loud as a steady sound in it is."""
        levels: list[float] = await self._page.evaluate(_BLOCK_LEVELS, 48 * _BLOCK_MS)
        quiet = statistics.median(levels) / 4
        loud = [i for i, level in enumerate(levels) if level > quiet]
        return max(later - earlier - 1 for earlier, later in pairwise(loud)) * _BLOCK_MS

    async def until(self, hz: int, holds: Callable[[float], bool], within_s: float = 10.0) -> float:
        """Waits until `holds` is true for three levels in a row. Returns the last. Raises AssertionError."""
        levels: list[float] = []
        try:
            async with asyncio.timeout(within_s):
                while len(levels) < 3 or not all(map(holds, levels[-3:])):
                    levels.append(await self.level(hz))
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise AssertionError(f"{hz} Hz was at {[round(level) for level in levels[-8:]]} dBFS") from None
        return levels[-1]

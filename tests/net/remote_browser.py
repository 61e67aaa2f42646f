"""Chromium or Firefox in a network namespace, driven by Puppeteer (CDP and WebDriver BiDi)."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from tests.e2e.browsers import PROBE, chromium_path

DRIVER = Path(__file__).parent / "driver.mjs"
FIREFOX_TONE_HZ = 1000
"""The tone of Firefox's fake microphone. It is the default, and set below explicitly."""

_CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
_FIREFOX_PREFS: Mapping[str, object] = {
    "media.navigator.streams.fake": True,
    "media.navigator.audio.fake_frequency": FIREFOX_TONE_HZ,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.autoplay.block-webaudio": False,
    # The page is served without https, which browsers require for the microphone otherwise.
    "media.devices.insecure.enabled": True,
    "media.getusermedia.insecure.enabled": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
Kind = Literal["chromium", "firefox"]


class DriverError(Exception):
    """A browser command failed."""


class RemoteBrowser:
    """`async with RemoteBrowser("firefox", wrap=net.client().command, origin=url) as browser`."""

    def __init__(
        self,
        kind: Kind,
        *,
        origin: str,
        wrap: tuple[str, ...] = (),
        microphone: Path | None = None,
        probe: Mapping[str, Any] | None = None,
    ) -> None:
        self._options = _launch_options(kind, origin, microphone)
        self._script = f"window.__probeOptions = {json.dumps(dict(probe or {}))};\n{PROBE}"
        self._wrap = wrap
        self._ids = itertools.count(1)
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> RemoteBrowser:
        node = shutil.which("node")
        assert node is not None, "Node is missing"
        self._process = await asyncio.create_subprocess_exec(
            *self._wrap,
            node,
            str(DRIVER),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
        )
        try:
            await self._command("launch", within_s=60, options=self._options, script=self._script)
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def goto(self, url: str) -> None:
        await self._command("goto", within_s=60, url=url)

    async def evaluate(self, script: str) -> Any:
        """The value of an expression. A promise is awaited."""
        return await self._command("evaluate", script=script)

    async def click(self, selector: str, within_s: float = 20) -> None:
        await self._command("click", within_s=within_s + 5, selector=selector, timeout=within_s * 1000)

    async def fill(self, selector: str, text: str, within_s: float = 20) -> None:
        timeout = within_s * 1000
        await self._command("fill", within_s=within_s + 5, selector=selector, text=text, timeout=timeout)

    async def wait(self, selector: str, within_s: float = 20) -> None:
        await self._command("wait", within_s=within_s + 5, selector=selector, timeout=within_s * 1000)

    async def screenshot(self, path: Path) -> None:
        await self._command("screenshot", path=str(path))

    async def log(self) -> list[str]:
        """Console lines and page errors."""
        lines: list[str] = await self._command("log")
        return lines

    async def tones(self, among: set[int]) -> set[int]:
        found: dict[str, list[int]] = await self.evaluate(f"window.__probe.tones({sorted(among)})")
        return {hz for tones in found.values() for hz in tones}

    async def expect_tones(self, expected: set[int], *, among: set[int], within_s: float = 20) -> None:
        """Waits until the page plays exactly these tones of `among`. Raises AssertionError with its tones."""
        heard: set[int] = set()
        try:
            async with asyncio.timeout(within_s):
                while (heard := await self.tones(among)) != expected:  # noqa: ASYNC110 - it is in the page
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"expected {sorted(expected)}, heard {sorted(heard)}") from None

    async def aclose(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _command(self, name: str, *, within_s: float = 30, **arguments: object) -> Any:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        number = next(self._ids)
        request = json.dumps({"id": number, "command": name, **arguments})
        async with self._turn, asyncio.timeout(within_s):
            process.stdin.write(request.encode() + b"\n")
            # Answers to commands that timed out are skipped.
            while (answer := await self._answer(process.stdout, name))["id"] != number:
                pass
        if "error" in answer:
            raise DriverError(f"{name}: {answer['error']}")
        return answer["result"]

    @staticmethod
    async def _answer(lines: asyncio.StreamReader, name: str) -> dict[str, Any]:
        line = await lines.readline()
        if not line:
            raise DriverError(f"{name}: the driver ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _launch_options(kind: Kind, origin: str, microphone: Path | None) -> dict[str, Any]:
    if kind == "firefox":
        path = shutil.which("firefox-esr") or shutil.which("firefox")
        assert path is not None, "no Firefox found: apt install firefox-esr"
        return {
            "browser": "firefox",
            "executablePath": path,
            "headless": True,
            "extraPrefsFirefox": dict(_FIREFOX_PREFS),
        }
    fake = [f"--use-file-for-fake-audio-capture={microphone}"] if microphone else []
    secure = f"--unsafely-treat-insecure-origin-as-secure={origin}"
    return {
        "browser": "chrome",
        "executablePath": chromium_path(),
        "headless": True,
        "args": [*_CHROMIUM_ARGS, *fake, secure],
    }

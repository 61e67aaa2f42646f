"""An engine in a child process: started when needed, restarted after a crash, ended with the worker.

The child ends when its standard input closes, so even a worker that is killed leaves no child behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from ai_agent.errors import EngineUnavailable
from ai_agent.providers.local.pipe_protocol import READY, Frame, pack, read_frame
from ai_agent.providers.stt_stream import log_unexpected
from server.common.child_environment import child_environment

START_S = 90.0
"""A start takes 1 to 3 s of CPU, which may take a minute on a busy machine."""
STOP_S = 1.0
CRASHES = 3
CRASH_WINDOW_S = 30.0
"""After CRASHES within CRASH_WINDOW_S it is not started again until the oldest crash is that long ago."""
UNSENT_BYTES = 4 << 20
READER_BYTES = 1 << 18


class EngineProcess:
    """`module`: run by the child. `on_frame` and `on_lost` are called on the event loop. If `on_frame`
    raises, the child has sent something invalid and is ended. `on_lost` must not raise; it is called after
    every end of a child that was ready.

    `variables`: beginnings of names of environment variables that it gets beside those of every child.
    `about`: facts about the engine that the child sent when it was ready.
    """

    def __init__(
        self,
        engine: str,
        module: str,
        on_frame: Callable[[Frame], None],
        on_lost: Callable[[], None],
        *,
        variables: Sequence[str] = (),
        start_s: float = START_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.about: Mapping[str, object] = {}
        self._engine = engine
        self._module = module
        self._on_frame = on_frame
        self._on_lost = on_lost
        self._variables = variables
        self._start_s = start_s
        self._clock = clock
        self._crashes: deque[float] = deque(maxlen=CRASHES)
        self._starting = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    @property
    def is_running(self) -> bool:
        """Whether `send` can reach it. A dead child's input is closed a little before its output ends."""
        stdin = self._child.stdin if self._child else None
        return stdin is not None and not stdin.is_closing()

    async def ensure(self) -> None:
        """Start the child unless it runs. Raises EngineUnavailable."""
        async with self._starting:
            if self._is_closed:
                raise EngineUnavailable(self._engine, "the engine is closed")
            if self._reading is not None and not self.is_running:
                await asyncio.shield(self._reading)
            if self._child is None:
                self._refuse_crash_loop()
                await self._start()

    def send(self, kind: bytes, number: int, body: bytes = b"") -> None:
        """Raises EngineUnavailable if the child does not run, or does not read its input."""
        stdin = self._child.stdin if self._child else None
        if stdin is None or not self.is_running:
            raise EngineUnavailable(self._engine, "its process ended")
        if stdin.transport.get_write_buffer_size() > UNSENT_BYTES:
            raise EngineUnavailable(self._engine, "its process does not read its input")
        stdin.write(pack(kind, number, body))

    def kill(self) -> None:
        """End a child that hangs. `on_lost` is called."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                self._child.kill()
            if self._child.stdin is not None:
                self._child.stdin.close()  # so that `ensure` waits for its end, and starts another one

    async def aclose(self) -> None:
        self._is_closed = True
        async with self._starting:
            if self._child is not None:
                await self._end(self._child)
            if self._reading is not None:
                await self._reading

    def _refuse_crash_loop(self) -> None:
        if len(self._crashes) == CRASHES and self._clock() - self._crashes[0] < CRASH_WINDOW_S:
            raise EngineUnavailable(self._engine, "its process keeps ending")

    async def _start(self) -> None:
        try:
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._module,
                env=child_environment(*self._variables),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=READER_BYTES,
            )
        except OSError as error:
            raise EngineUnavailable(self._engine, f"its process cannot start: {error}") from error
        try:
            self.about = await self._await_ready(child)
        except BaseException:  # CancelledError too: no child may be left behind
            self._crashes.append(self._clock())
            await self._end(child)
            raise
        self._child = child
        self._reading = asyncio.create_task(self._read_frames(child), name=f"{self._engine} process")

    async def _await_ready(self, child: asyncio.subprocess.Process) -> Mapping[str, object]:
        try:
            async with asyncio.timeout(self._start_s):
                first = await self._read(child)
        except TimeoutError as error:
            raise EngineUnavailable(self._engine, "its process was not ready in time") from error
        if first is None or first.kind != READY:
            raise EngineUnavailable(self._engine, "its process ended at start")
        about: Mapping[str, object] = json.loads(first.body or b"{}")
        return about

    async def _read_frames(self, child: asyncio.subprocess.Process) -> None:
        """Ends with the child, which `aclose` ends."""
        try:
            while (frame := await self._read(child)) is not None:
                self._on_frame(frame)
        except Exception as error:  # noqa: BLE001 - `ensure` and `aclose` wait for this task, which must not fail
            log_unexpected("engine process sent an invalid frame", self._engine, error)
        finally:
            self._child = None
            await self._end(child)
            if not self._is_closed:
                self._crashes.append(self._clock())
            self._on_lost()

    @staticmethod
    async def _read(child: asyncio.subprocess.Process) -> Frame | None:
        assert child.stdout is not None  # noqa: S101 - it was started with a pipe
        try:
            return await read_frame(child.stdout)
        except ValueError:
            return None

    @staticmethod
    async def _end(child: asyncio.subprocess.Process) -> None:
        """The child ends by itself when its input closes; one that hangs is killed."""
        if child.stdin is not None:
            child.stdin.close()
        try:
            await asyncio.wait_for(child.wait(), STOP_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

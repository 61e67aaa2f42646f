"""The exit code of a server that ends by itself is its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.server_process import ServerProcess


async def test_a_server_that_ends_at_once_keeps_its_exit_code(tmp_path: Path) -> None:
    """Many times: while asyncio's thread waits for the process, nothing else may take its exit code."""
    for _ in range(50):
        server = ServerProcess(tmp_path, wrap=("sh", "-c", "exit 3"))
        with pytest.raises(RuntimeError, match="did not start"):
            await server.start()
        assert server.exit_code == 3

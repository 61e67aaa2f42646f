"""`python -m tests.net.socket_relay HOST PORT=SOCKET ...`: TCP ports for unix sockets, until it is killed.

Prints a line once it listens.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


async def relay(socket: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        from_store, to_store = await asyncio.open_unix_connection(socket)
    except OSError:
        writer.close()
        return
    await asyncio.gather(pipe(reader, to_store), pipe(from_store, writer))


async def main(host: str, pairs: list[str]) -> None:
    servers = []
    for port, _, socket in (pair.partition("=") for pair in pairs):

        async def accept(r: asyncio.StreamReader, w: asyncio.StreamWriter, socket: str = socket) -> None:
            await relay(socket, r, w)

        servers.append(await asyncio.start_server(accept, host, int(port)))
    print("ready", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))

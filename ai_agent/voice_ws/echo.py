"""Every message back after half a second, in order: for proving the transport."""

from __future__ import annotations

import asyncio
from collections import deque

from ai_agent.voice_ws.link import Link

DELAY_S = 0.5
MAX_WAITING_BYTES = 4 << 20


async def echo(link: Link, idle_s: float) -> bool:
    """Until the client has gone: True; or has sent nothing for `idle_s`: False. One that sends faster than
    the limit is read as slowly as it is answered."""
    loop = asyncio.get_running_loop()
    waiting: deque[tuple[float, str | bytes]] = deque()
    size = 0
    changed = asyncio.Event()
    room = asyncio.Event()

    async def answer() -> None:
        nonlocal size
        while True:
            while not waiting:
                changed.clear()
                await changed.wait()
            due, message = waiting[0]
            await asyncio.sleep(max(0.0, due - loop.time()))
            waiting.popleft()
            size -= len(message)
            room.set()
            link.out.put(message)

    task = asyncio.create_task(answer(), name="echo")
    try:
        async with asyncio.timeout(idle_s) as idle:
            async for message in link.messages():
                idle.reschedule(loop.time() + idle_s)
                waiting.append((loop.time() + DELAY_S, message))
                size += len(message)
                changed.set()
                while size > MAX_WAITING_BYTES:
                    room.clear()
                    await room.wait()
    except TimeoutError:
        return False
    else:
        return True
    finally:
        task.cancel()
        await asyncio.wait({task})

"""Whether the event loop stays free: how soon a STUN check is answered while packets are forwarded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aioice import stun

from tests.fakes.rtc import MediaLink
from tests.fakes.rtc.link import _arrival_ns, _open_socket

_INTERVAL_S = 0.01


class Prober:
    """Asks as another address of a client would; `delays_ms` by the kernel's arrival times."""

    def __init__(self, link: MediaLink) -> None:
        assert link.remote is not None
        self.delays_ms: list[float] = []
        self.asked = 0
        self._link = link
        self._to = link.remote
        self._sent: dict[bytes, int] = {}
        self._socket = _open_socket("0.0.0.0")

    async def run(self) -> None:
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._drain)
        try:
            while True:
                self._ask()
                await asyncio.sleep(_INTERVAL_S)
        finally:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()

    def _ask(self) -> None:
        ufrag, password = self._link._remote_credentials
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{ufrag}:{self._link.ufrag}"
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING"] = (1 << 64) - 1
        request.add_message_integrity(password.encode())
        datagram = bytes(request)
        self.asked += 1
        self._sent[request.transaction_id] = time.time_ns()
        self._socket.sendto(datagram, self._to)

    def _drain(self) -> None:
        data, ancillary, _, _ = self._socket.recvmsg(2048, 64)
        # The transaction is bytes 8 to 20 (RFC 8489 section 5); the server's own checks are no matter.
        sent = self._sent.pop(data[8:20], None)
        if sent is not None:
            self.delays_ms.append((_arrival_ns(ancillary) - sent) / 1e6)


@asynccontextmanager
async def probing(link: MediaLink) -> AsyncIterator[Prober]:
    """Asks for as long as it is open."""
    prober = Prober(link)
    task = asyncio.create_task(prober.run())
    try:
        yield prober
    finally:
        task.cancel()
        await asyncio.wait([task])

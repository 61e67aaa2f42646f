"""The bodies of the per-packet path: the Python reference; a C extension joins it here."""

from __future__ import annotations

from server.sfu.forwarding import Forwarder
from tests.fakes.srtp_clients import Body

BODIES: list[Body] = [Forwarder]

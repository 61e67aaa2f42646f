"""The bodies of the per-packet path: the Python reference, and the C extension where it is built."""

from __future__ import annotations

from server.sfu.fastpath.forwarder import FastForwarder, is_built
from server.sfu.forwarding import Forwarder
from tests.fakes.srtp_clients import Body

BODIES: list[Body] = [Forwarder, FastForwarder] if is_built else [Forwarder]
"""Each test here runs against every body of the per-packet path."""

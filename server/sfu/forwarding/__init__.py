"""The data plane in Python: decrypt once, rewrite for each slot, encrypt, send."""

from server.sfu.forwarding.forwarder import Forwarder

__all__ = ["Forwarder"]

"""Socket.IO: decode events, call the rooms, encode acks and events."""

from server.signalling.connections import Connections, same_origin
from server.signalling.options import SignallingOptions
from server.signalling.signalling import Signalling

__all__ = ["Connections", "Signalling", "SignallingOptions", "same_origin"]

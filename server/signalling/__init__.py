"""Socket.IO: decode, ask the rooms, encode."""

from server.signalling.options import SignallingOptions
from server.signalling.signalling import Signalling, same_origin

__all__ = ["Signalling", "SignallingOptions", "same_origin"]

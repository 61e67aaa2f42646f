"""Media: a selective forwarding unit. `app` creates an `SfuNode`; the rooms use it as `rooms.ports.Media`."""

from server.sfu.node import SfuNode
from server.sfu.options import SfuOptions

__all__ = ["SfuNode", "SfuOptions"]

"""Media: a selective forwarding unit. `app` makes an `SfuNode`; the rooms know it as `rooms.ports.Media`."""

from server.sfu.node import SfuNode
from server.sfu.options import SfuOptions

__all__ = ["SfuNode", "SfuOptions"]

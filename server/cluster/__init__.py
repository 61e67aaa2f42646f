"""Several servers that share their rooms. A single server uses the bus in memory alone."""

from server.cluster.memory import MemoryBus

__all__ = ["MemoryBus"]

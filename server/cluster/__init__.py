"""What joins several server processes; one alone has the bus in memory."""

from server.cluster.memory import MemoryBus

__all__ = ["MemoryBus"]

"""The bus between server processes. A single process uses the one in memory."""

from server.cluster.memory import MemoryBus

__all__ = ["MemoryBus"]

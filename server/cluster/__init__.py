"""Servers that share their rooms: which are alive, which one owns a room, and how another takes it over.

A single server uses only the bus in memory.
"""

from server.cluster.memory import MemoryBus

__all__ = ["MemoryBus"]

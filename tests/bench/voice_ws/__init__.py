"""Voice sessions by WebSocket under load."""

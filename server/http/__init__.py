"""Connections of HTTP: accepted within limits, and closed when their client keeps the server waiting."""

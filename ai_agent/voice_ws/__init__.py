"""Talks with clients of the voice protocols (`server.protocol.voice`)."""

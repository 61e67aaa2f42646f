"""Forwarding compared: Parlor, Janus, MediaRelay and the floor, with the same clients in the same run."""

"""Comparison of forwarding: Parlor, Janus, MediaRelay and the floor, with the same clients in one run."""

"""Avatars on our own origin: drawn from a seed, or uploaded and re-encoded."""

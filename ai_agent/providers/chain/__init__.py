"""Ordered fallback: of several engines the first that works answers, and callers learn which one it is."""

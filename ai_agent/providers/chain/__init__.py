"""Ordered fallback: of several engines the first that works answers, and it is told which one that is."""

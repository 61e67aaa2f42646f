"""Doubles of what is around the tutor's worker, and of what is inside it."""

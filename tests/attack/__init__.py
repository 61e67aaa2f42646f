"""Attacks on a running server, each measured by two honest people in a room of their own."""

"""Figures of the tutor, on a real WebRTC path: `python -m tests.bench.tutor`."""

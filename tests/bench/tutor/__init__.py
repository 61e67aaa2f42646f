"""Benchmarks of the tutor over a real WebRTC path: `python -m tests.bench.tutor`."""

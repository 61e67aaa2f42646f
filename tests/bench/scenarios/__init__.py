"""Scenarios of the load clients. Each `run(options, mark)` takes plain JSON and reports plain JSON."""

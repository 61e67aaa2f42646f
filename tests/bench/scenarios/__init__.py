"""What the load clients do. Each `run(options, mark)` takes plain JSON and reports plain JSON."""

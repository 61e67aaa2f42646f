"""The data plane in C, with its own thread: optional, and chosen by a setting."""

"""The data plane in C, with a thread of its own: optional, and chosen by a setting."""

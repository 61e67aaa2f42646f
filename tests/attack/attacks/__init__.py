"""One function for each attack. It gets a `Target` and returns facts; `tests.attack.target` runs it."""

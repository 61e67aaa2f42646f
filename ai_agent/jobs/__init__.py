"""One job: one tutor in one room, from its assignment to its end."""

"""One job: one tutor in one room, from the server's call to its end."""

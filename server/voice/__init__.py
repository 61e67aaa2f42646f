"""WebSockets of the voice protocols: lets clients in and passes their messages on to a worker."""

"""Messages of the voice protocols for clients without WebRTC, with the names of clients that exist."""

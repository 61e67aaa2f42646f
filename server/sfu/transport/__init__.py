"""From the sockets to authenticated media: addresses, routing, ICE-lite, DTLS."""

"""From the UDP socket to authenticated media: addresses, routing, ICE-lite, DTLS."""

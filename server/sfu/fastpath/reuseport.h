/* A second socket on the media port, so that checks and DTLS do not wait behind packets. The kernel puts datagrams whose
 * first byte is 128 or more (RTP and RTCP, RFC 7983, and unknown kinds) into the first socket's queue and the rest, STUN
 * and DTLS, into the second's; neither can fill the other's. While a socket is opened or closed, either may receive
 * anything, and broadcasts come to both. */
#ifndef PARLOR_REUSEPORT_H
#define PARLOR_REUSEPORT_H

/* The second socket, non-blocking, to be closed by the caller; the first one's SO_REUSEPORT stays set. -1 if the system
 * does not support this: then everything comes to the first socket, and checks wait behind packets. */
int reuseport_open(int media_fd);

#endif

/* A second socket on the media port, so that nobody who waits for an answer waits behind packets. The kernel puts what
 * begins with 128 or more (RTP and RTCP, RFC 7983, and what nobody knows) into the first one's queue and the rest, STUN and
 * DTLS, into the second's; neither can crowd the other. While one of them comes or goes, either may hold anything, and what
 * is sent to all hosts of a network comes to both. */
#ifndef PARLOR_REUSEPORT_H
#define PARLOR_REUSEPORT_H

/* The second socket, non-blocking, to be closed by the caller; the first one's SO_REUSEPORT stays set. -1 where the system
 * has no such thing: then everything comes to the one, which is as good but for the waiting. */
int reuseport_open(int media_fd);

#endif

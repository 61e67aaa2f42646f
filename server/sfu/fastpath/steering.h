/* A second socket on the media port, so that nobody who waits for an answer waits behind packets. The kernel puts RTP and
 * RTCP into the first one's queue and all else, by first byte (RFC 7983), into the second's; neither can crowd the other. */
#ifndef PARLOR_STEERING_H
#define PARLOR_STEERING_H

/* The second socket, non-blocking, to be closed by the caller. -1 where the system has no such thing: then everything
 * comes to the one, which is as good but for the waiting. */
int steering_open(int media_fd);

#endif

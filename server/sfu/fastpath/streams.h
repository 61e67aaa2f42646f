/* TCP connections of clients without UDP (RFC 6544), read and written by the media thread alone. A datagram travels as
 * a frame: its size in two bytes, then its bytes (RFC 4571 section 2).
 *
 * A connection is named by the client's address. The control plane accepts it and gives it away with `streams_open`; its
 * end, on whichever side, is reported once by `streams_next_closed`, and only then may its address be used again. */
#ifndef PARLOR_STREAMS_H
#define PARLOR_STREAMS_H

#include "core/outbox.h"
#include "data_plane.h"
#include "network.h"

enum {
    STREAM_FRAME = 2048, /* a longer one is no media: it ends the connection */
    STREAMS = 1024,
};

typedef void take_frame(void *context, const struct received *frame, double now);

/* NULL: no memory. */
struct streams *streams_new(void);
/* Closes all of them. */
void streams_free(struct streams *streams);

/* Readable when `streams_receive` has something to do; -1 without connections. */
int streams_fd(const struct streams *streams);

/* Takes over a non-blocking socket. There are at most STREAMS, those that are not reported yet included. */
void streams_open(struct streams *streams, int fd, const struct address *address);
/* Does nothing if it has ended. */
void streams_close(struct streams *streams, const struct address *address);

/* Reads once, without waiting, from at most NETWORK_BATCH connections that have something; frames are valid during the
 * call. */
void streams_receive(
    struct streams *streams, struct traffic *traffic, take_frame *take, void *context, double now);

/* Never waits: a frame is sent as a whole or dropped as a whole, and counted. What the kernel took of one is completed
 * first. */
void streams_send(
    struct streams *streams, struct traffic *traffic, const struct address *to, const uint8_t *bytes, size_t size);
/* Sends the datagrams of the outbox whose destination is a TCP connection. */
void streams_send_outbox(struct streams *streams, struct traffic *traffic, const struct outbox *outbox);

/* The address of a connection that has ended, until `streams_reported`. */
bool streams_next_closed(const struct streams *streams, struct address *address);
void streams_reported(struct streams *streams);

#endif

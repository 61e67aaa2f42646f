/* Many datagrams with one system call each way. Both sides know peers by `struct address`. */
#ifndef PARLOR_NETWORK_H
#define PARLOR_NETWORK_H

#include "core/outbox.h"
#include "data_plane.h"

enum { NETWORK_BATCH = 16 };

struct received {
    uint8_t *bytes; /* 64-byte aligned */
    size_t size;    /* above MAX_PACKET: it was longer than anybody's media */
    struct address from;
};

/* RTP and RTCP; who waits for an answer (reuseport.h). Where the system cannot tell them apart, all is MEDIA. */
enum queue { MEDIA, CONTROL, QUEUES };

/* NULL: no memory, or not a UDP socket. */
struct network *network_new(int fd);
void network_free(struct network *network);
/* -1: there is none. */
int network_fd(const struct network *network, enum queue queue);

/* What is there, at most NETWORK_BATCH, without waiting; good until the next call. */
unsigned network_receive(
    struct network *network, enum queue queue, struct traffic *traffic, struct received items[NETWORK_BATCH]);

/* Never fails: what the kernel does not take after a moment is lost, as on any network, and counted. */
void network_send(struct network *network, struct traffic *traffic, const struct outbox *outbox);

#endif

/* Many datagrams with one system call each way. Peers are named by `struct address`. */
#ifndef PARLOR_NETWORK_H
#define PARLOR_NETWORK_H

#include "core/outbox.h"
#include "data_plane.h"

enum { NETWORK_BATCH = 16 };

struct received {
    uint8_t *bytes; /* 64-byte aligned */
    size_t size;    /* above MAX_PACKET: longer than any media packet */
    struct address from;
};

/* MEDIA: RTP and RTCP. CONTROL: checks and DTLS (reuseport.h). Without a second socket all datagrams are MEDIA. */
enum queue { MEDIA, CONTROL, QUEUES };

/* NULL: no memory, or not a UDP socket. */
struct network *network_new(int fd);
void network_free(struct network *network);
/* -1: no such socket. */
int network_fd(const struct network *network, enum queue queue);

/* Receives at most NETWORK_BATCH datagrams without waiting; valid until the next call. */
unsigned network_receive(
    struct network *network, enum queue queue, struct traffic *traffic, struct received items[NETWORK_BATCH]);

/* Sends the datagrams that are not for TCP connections. Never fails: datagrams that the kernel does not take after a moment are lost, as on any network, and counted. */
void network_send(struct network *network, struct traffic *traffic, const struct outbox *outbox);

#endif

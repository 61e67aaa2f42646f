/* Datagrams waiting to be sent together. The core writes packets here; the shell's `flush` sends them with sendmmsg, or
 * appends them to a list in tests. Addresses are copied, so the outbox refers to no peer. */
#ifndef PARLOR_OUTBOX_H
#define PARLOR_OUTBOX_H

#include <stdalign.h>

#include "address.h"
#include "rtp.h"

enum {
    OUTBOX_PACKETS = 128,
    OUTBOX_BYTES = 64 << 10,
    OUTBOX_ROOM = MAX_PACKET + SRTP_TRAILER, /* for any one packet */
};

struct outgoing {
    uint32_t at;
    uint32_t size;
    struct address to;
};

struct outbox {
    unsigned count;
    size_t used;
    void (*flush)(struct outbox *outbox, void *context);
    void *context;
    struct outgoing items[OUTBOX_PACKETS];
    alignas(64) uint8_t bytes[OUTBOX_BYTES];
};

static inline void outbox_flush(struct outbox *outbox)
{
    if (outbox->count)
        outbox->flush(outbox, outbox->context);
    outbox->count = 0;
    outbox->used = 0;
}

/* OUTBOX_ROOM bytes, aligned as libsrtp requires; valid until the next call. */
static inline uint8_t *outbox_reserve(struct outbox *outbox)
{
    if (outbox->count == OUTBOX_PACKETS || outbox->used + OUTBOX_ROOM > OUTBOX_BYTES)
        outbox_flush(outbox);
    return outbox->bytes + outbox->used;
}

/* Send the first `size` of the bytes just reserved. */
static inline void outbox_commit(struct outbox *outbox, size_t size, const struct address *to)
{
    outbox->items[outbox->count++] = (struct outgoing){(uint32_t)outbox->used, (uint32_t)size, *to};
    outbox->used += (size + 63) & ~(size_t)63;
}

#endif

/* Records from one thread to another: one producer, one consumer, no lock. A record takes at most half of the ring. */
#ifndef PARLOR_RING_H
#define PARLOR_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
    size_t mask;
    uint8_t *bytes;
    alignas(64) _Atomic size_t written; /* by the producer; never wraps in a lifetime */
    alignas(64) _Atomic size_t taken;   /* by the consumer */
};

/* `size` is a power of 2. False: no memory. */
bool ring_init(struct ring *ring, size_t size);
void ring_free(struct ring *ring);

/* Producer: `head` and `body` make one record. False: no room now. */
bool ring_push(struct ring *ring, const void *head, size_t head_size, const void *body, size_t body_size);

/* Producer: whether more than half is in use. */
bool ring_is_filling(const struct ring *ring);

/* Consumer: the oldest record, 8-byte aligned, until `ring_pop`; NULL if there is none. */
const void *ring_peek(struct ring *ring, size_t *size);
void ring_pop(struct ring *ring);

#endif

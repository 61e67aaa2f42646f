#include "ring.h"

#include <stdlib.h>
#include <string.h>

/* Before each record: its size, or SKIP for the rest of the ring if a record did not fit contiguously. */
enum { HEADER = 8 };
#define SKIP UINT64_MAX

bool ring_init(struct ring *ring, size_t size)
{
    ring->mask = size - 1;
    ring->bytes = malloc(size);
    ring->written = ring->taken = 0;
    return ring->bytes != NULL;
}

void ring_free(struct ring *ring)
{
    free(ring->bytes);
    ring->bytes = NULL;
}

static size_t padded(size_t size) { return (size + 7) & ~(size_t)7; }

static void put_header(struct ring *ring, size_t at, uint64_t header)
{
    memcpy(ring->bytes + (at & ring->mask), &header, HEADER);
}

bool ring_push(struct ring *ring, const void *head, size_t head_size, const void *body, size_t body_size)
{
    size_t need = HEADER + padded(head_size + body_size), size = ring->mask + 1;
    size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    size_t taken = atomic_load_explicit(&ring->taken, memory_order_acquire);
    size_t to_end = size - (written & ring->mask);
    size_t skipped = to_end < need ? to_end : 0;
    if (need > size / 2 || written + skipped + need - taken > size)
        return false;
    if (skipped)
        put_header(ring, written, SKIP);
    written += skipped;
    put_header(ring, written, head_size + body_size);
    uint8_t *to = ring->bytes + (written & ring->mask) + HEADER;
    memcpy(to, head, head_size);
    if (body_size)
        memcpy(to + head_size, body, body_size);
    atomic_store_explicit(&ring->written, written + need, memory_order_release);
    return true;
}

bool ring_is_filling(const struct ring *ring)
{
    size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    return written - atomic_load_explicit(&ring->taken, memory_order_relaxed) > ring->mask / 2;
}

static uint64_t header_at(const struct ring *ring, size_t at)
{
    uint64_t header;
    memcpy(&header, ring->bytes + (at & ring->mask), HEADER);
    return header;
}

const void *ring_peek(struct ring *ring, size_t *size)
{
    size_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    if (taken == atomic_load_explicit(&ring->written, memory_order_acquire))
        return NULL;
    if (header_at(ring, taken) == SKIP) {
        taken += ring->mask + 1 - (taken & ring->mask);
        atomic_store_explicit(&ring->taken, taken, memory_order_release);
    }
    *size = (size_t)header_at(ring, taken);
    return ring->bytes + (taken & ring->mask) + HEADER;
}

void ring_pop(struct ring *ring)
{
    size_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    size_t size = (size_t)header_at(ring, taken);
    atomic_store_explicit(&ring->taken, taken + HEADER + padded(size), memory_order_release);
}

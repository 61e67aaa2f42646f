/* Totals since start, for /metrics. Written by one thread, read by any. */
#ifndef PARLOR_COUNTERS_H
#define PARLOR_COUNTERS_H

#include <stdatomic.h>
#include <stdint.h>

/* Reasons for dropping packets; DROP_NAMES has their names in this order. */
enum drop {
    DROP_NO_SESSION,
    DROP_SSRC,
    DROP_PAYLOAD_TYPE,
    DROP_MALFORMED,
    DROP_AUTH,
    DROP_REPLAY,
    DROP_MUTED,
    DROP_TOO_MANY,
    DROP_NOT_LOUDEST,
    DROP_DUPLICATE,
    DROP_OLD,
    DROP_NO_DESTINATION,
    DROP_PROTECT,
    DROP_COUNT,
    DROP_NONE = DROP_COUNT,
};

#define DROP_NAMES                                                                                                 \
    {                                                                                                              \
        "no_session", "ssrc", "payload_type", "malformed", "auth", "replay", "muted", "too_many", "not_loudest",   \
            "duplicate", "old", "no_destination", "protect"                                                        \
    }

typedef _Atomic uint64_t counter;

/* One writer, so the addition need not be atomic. */
static inline void count(counter *total, uint64_t more)
{
    atomic_store_explicit(
        total, atomic_load_explicit(total, memory_order_relaxed) + more, memory_order_relaxed);
}

struct counters {
    counter packets_in, bytes_in, packets_out, bytes_out, dropped[DROP_COUNT];
};

#endif

/* Requests for lost packets of a publisher (generic NACK, RFC 4585 section 6.2.1): at once, then once a round trip.
 * Sequence numbers have the wire's 16 bits. */
#ifndef PARLOR_NACK_H
#define PARLOR_NACK_H

#include "token_bucket.h"
#include "bytes.h"

enum {
    MAX_GAP = 50, /* a second of audio: after a longer gap no listener waits for the lost packets */
    MAX_MISSING = 2 * MAX_GAP,
};

struct missing {
    int64_t sequence;
    double since, due;
    int tries;
};

/* `missing[0..count)`, in the order in which they were found missing. */
struct nack_generator {
    bool has_top;
    int64_t top;
    unsigned count;
    struct missing missing[MAX_MISSING];
    struct token_bucket budget;
};

void nack_init(struct nack_generator *nack);
/* The next packet follows no other. */
void nack_restart(struct nack_generator *nack);
/* True if this packet had been missing. */
bool nack_on_packet(struct nack_generator *nack, uint16_t sequence, double now);
/* A missing packet was recovered from redundancy. */
void nack_resolve(struct nack_generator *nack, uint16_t sequence);
/* Fills `requests` with the numbers to request now; returns how many. `round_trip` in seconds. */
unsigned nack_due(struct nack_generator *nack, double now, double round_trip, uint16_t requests[MAX_MISSING]);

#endif

#include "nack.h"

#include <string.h>

#define GIVE_UP_SECONDS 0.500
#define MIN_RETRY_SECONDS 0.020
#define REQUESTS_PER_SECOND 50.0

enum { MAX_TRIES = 4 };

void nack_init(struct nack_generator *nack)
{
    nack->has_top = false;
    nack->count = 0;
    nack->budget = token_bucket_of(REQUESTS_PER_SECOND, MAX_GAP);
}

void nack_restart(struct nack_generator *nack)
{
    nack->has_top = false;
    nack->count = 0;
}

static bool forget(struct nack_generator *nack, int64_t sequence)
{
    for (unsigned i = 0; i < nack->count; i++) {
        if (nack->missing[i].sequence == sequence) {
            nack->count--;
            memmove(&nack->missing[i], &nack->missing[i + 1], (nack->count - i) * sizeof *nack->missing);
            return true;
        }
    }
    return false;
}

static void note(struct nack_generator *nack, int64_t first, int64_t end, double now)
{
    unsigned gap = (unsigned)(end - first);
    if (nack->count + gap > MAX_MISSING) { /* the oldest are dropped */
        unsigned excess = nack->count + gap - MAX_MISSING;
        nack->count -= excess;
        memmove(nack->missing, nack->missing + excess, nack->count * sizeof *nack->missing);
    }
    for (int64_t sequence = first; sequence < end; sequence++)
        nack->missing[nack->count++] = (struct missing){sequence, now, now, 0};
}

bool nack_on_packet(struct nack_generator *nack, uint16_t sequence, double now)
{
    if (!nack->has_top) {
        nack->has_top = true;
        nack->top = sequence;
        return false;
    }
    int64_t number = unwrap16(sequence, nack->top);
    if (number <= nack->top)
        return forget(nack, number);
    if (number - nack->top > MAX_GAP)
        nack->count = 0;
    else
        note(nack, nack->top + 1, number, now);
    nack->top = number;
    return false;
}

void nack_resolve(struct nack_generator *nack, uint16_t sequence)
{
    if (nack->has_top)
        forget(nack, unwrap16(sequence, nack->top));
}

unsigned nack_due(struct nack_generator *nack, double now, double round_trip, uint16_t requests[MAX_MISSING])
{
    unsigned kept = 0, asked = 0;
    for (unsigned i = 0; i < nack->count; i++) {
        struct missing missing = nack->missing[i];
        if (missing.tries == MAX_TRIES || now - missing.since > GIVE_UP_SECONDS)
            continue;
        if (now >= missing.due && token_bucket_take(&nack->budget, now)) {
            double wait = 1.25 * round_trip;
            missing.tries++;
            missing.due = now + (wait > MIN_RETRY_SECONDS ? wait : MIN_RETRY_SECONDS);
            requests[asked++] = (uint16_t)missing.sequence;
        }
        nack->missing[kept++] = missing;
    }
    nack->count = kept;
    return asked;
}

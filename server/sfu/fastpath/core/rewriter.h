/* What a slot does to sequence numbers and timestamps, so that many publishers make one stream.
 *
 * The invariant: ONE OUTGOING SEQUENCE NUMBER CARRIES ONE PAYLOAD, EVER. The sessions allow repeats, and two payloads
 * under one number would give AES-GCM's secrets away. It holds because
 * - a publisher's line of numbers never names two packets (timeline.h, history.h),
 * - a mapping turns that line into outgoing numbers by adding a constant,
 * - the next mapping begins above every number that the one before it gave out, and
 * - what is older than the current mapping's first packet is refused.
 * A mapping names its source by an id that is never given twice, not by a pointer: a publisher that has gone is
 * simply not found. */
#ifndef PARLOR_REWRITER_H
#define PARLOR_REWRITER_H

#include "bytes.h"

/* `first` is the first of the source's numbers that it carries. `source` 0: no mapping. */
struct mapping {
    uint64_t source;
    int64_t first, sequence_offset, timestamp_offset;
    bool red;
};

struct rewriter {
    struct mapping current, previous;
    int64_t top_sequence, top_timestamp, previous_top;
    double top_time;
    bool started;
};

/* `sequence` with its rollovers above the 16 bits that are sent. */
struct numbers {
    int64_t sequence;
    uint32_t timestamp;
};

/* `first_sequence` must be below 32,768: a receiver that misses the start would else guess a rollover wrongly
 * (RFC 3711 section 3.3.1). */
void rewriter_init(struct rewriter *rewriter, uint16_t first_sequence, uint32_t first_timestamp);

/* The next packet begins a mapping, of the same source or another. */
void rewriter_interrupt(struct rewriter *rewriter);

/* Map the source's packet of these numbers to the ones that follow the last sent. */
void rewriter_begin(
    struct rewriter *rewriter, uint64_t source, int64_t sequence, int64_t timestamp, double now, bool red);

/* False for what is older than the current mapping. */
static inline bool rewriter_rewrite(
    struct rewriter *rewriter, int64_t sequence, int64_t timestamp, double now, struct numbers *numbers)
{
    const struct mapping *mapping = &rewriter->current;
    if (!mapping->source || sequence < mapping->first)
        return false;
    sequence += mapping->sequence_offset;
    timestamp += mapping->timestamp_offset;
    if (sequence > rewriter->top_sequence) {
        rewriter->top_sequence = sequence;
        rewriter->top_timestamp = timestamp;
        rewriter->top_time = now;
    }
    *numbers = (struct numbers){sequence, (uint32_t)timestamp};
    return true;
}

/* Numbers for a 20 ms frame of our own; the next packet begins a mapping. */
struct numbers rewriter_append(struct rewriter *rewriter);

/* Which mapping sent this number, and the source's number for it; NULL if it is forgotten. */
const struct mapping *rewriter_locate(const struct rewriter *rewriter, uint16_t outgoing, int64_t *sequence);

#endif

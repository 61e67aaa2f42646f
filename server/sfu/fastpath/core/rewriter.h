/* Rewriting of sequence numbers and timestamps in a slot, so that many publishers make one stream.
 *
 * The invariant: ONE OUTGOING SEQUENCE NUMBER CARRIES ONE PAYLOAD, EVER. The sessions allow repeats, and two payloads
 * under one number would break AES-GCM. It holds because
 * - a publisher's line of numbers never names two packets (timeline.h, history.h),
 * - a mapping turns that line into outgoing numbers by adding a constant,
 * - the next mapping begins above every number that the one before it gave out, and
 * - packets older than the current mapping's first are refused.
 * A mapping names its source by an id that is never given twice, not by a pointer: a publisher that has left is
 * not found. */
#ifndef PARLOR_REWRITER_H
#define PARLOR_REWRITER_H

#include "bytes.h"
#include "track.h"

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
    uint32_t clock_rate; /* both of the track */
    uint16_t frame_samples;
    bool started;
};

/* `sequence` with its rollovers above the 16 bits that are sent. */
struct numbers {
    int64_t sequence;
    uint32_t timestamp;
};

/* `first_sequence` must be below 32,768: otherwise a receiver that misses the start would guess a wrong rollover
 * (RFC 3711 section 3.3.1). */
void rewriter_init(struct rewriter *rewriter, struct track track, uint16_t first_sequence, uint32_t first_timestamp);

/* The next packet begins a mapping, of the same source or another. */
void rewriter_interrupt(struct rewriter *rewriter);

/* Map the source's packet with these numbers to those that follow the last sent packet. */
void rewriter_begin(
    struct rewriter *rewriter, uint64_t source, int64_t sequence, int64_t timestamp, double now, bool red);

/* False for a packet older than the current mapping. */
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

/* Numbers for a frame of ours; the next packet begins a mapping. */
struct numbers rewriter_append(struct rewriter *rewriter);

/* The mapping that sent this number, and the source's number for it; NULL if it is forgotten. */
const struct mapping *rewriter_locate(const struct rewriter *rewriter, uint16_t outgoing, int64_t *sequence);

#endif

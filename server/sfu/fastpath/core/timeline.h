/* A publisher's packets on one unbroken line of numbers.
 *
 * What breaks a publisher's own numbers (mute, a restart, a new SSRC, not being among the loudest, silence of our
 * own) begins a new epoch, which goes on where the line ended: the number rises by one, the timestamp by the time
 * that passed. Packets from before the epoch's first are refused, so that no number of the line is ever given to
 * two packets. Numbers on the line are 64 bits and never wrap. Times are seconds. */
#ifndef PARLOR_TIMELINE_H
#define PARLOR_TIMELINE_H

#include "bytes.h"

#define FLOWING_SECONDS 0.200

struct timeline {
    int64_t top;    /* the highest number given, -1 before the first */
    int64_t first;  /* the first of this epoch */
    int64_t top_timestamp;
    int64_t input_top, sequence_offset, timestamp_offset;
    double top_time;
    bool broken;
};

/* `begins`: the first of an epoch, which starts a talkspurt (RFC 3551 section 4.1). */
struct position {
    int64_t sequence, timestamp;
    bool begins;
};

void timeline_init(struct timeline *line);

/* Where a packet with these header fields belongs; false if it is older than the epoch. */
bool timeline_place(
    struct timeline *line, uint16_t sequence, uint32_t timestamp, double now, struct position *found);

/* The place of 20 ms of our own after the last; the next packet received begins an epoch. */
struct position timeline_append_frame(struct timeline *line);

static inline void timeline_interrupt(struct timeline *line) { line->broken = true; }

/* Whether a listener who hears nothing now would think that something is missing. */
static inline bool timeline_is_flowing(const struct timeline *line, double now)
{
    return line->top >= 0 && now - line->top_time <= FLOWING_SECONDS;
}

#endif

/* One continuous line of sequence numbers and timestamps for everything a publisher sends.
 *
 * A break in the publisher's own numbers (mute, a restart, a new SSRC, not being among the loudest, silence added by
 * the SFU) begins a new epoch, which continues where the line ended: the number rises by one, the timestamp by the
 * time that passed. Packets from before the epoch's first are refused, so that no number of the line is ever given to
 * two packets. Numbers on the line are 64 bits and never wrap. Times are seconds. */
#ifndef PARLOR_TIMELINE_H
#define PARLOR_TIMELINE_H

#include "bytes.h"
#include "track.h"

#define FLOWING_SECONDS 0.200

struct timeline {
    int64_t top;    /* the highest number assigned, -1 before the first */
    int64_t first;  /* the first of this epoch */
    int64_t top_timestamp;
    int64_t input_top, sequence_offset, timestamp_offset;
    double top_time;
    uint32_t clock_rate; /* both of the track */
    uint16_t frame_samples;
    bool broken;
};

/* `begins`: the first packet of an epoch, which starts a talkspurt (RFC 3551 section 4.1). */
struct position {
    int64_t sequence, timestamp;
    bool begins;
};

void timeline_init(struct timeline *line, struct track track);

/* The position of a packet with these header fields; false if it is older than the epoch. */
bool timeline_place(
    struct timeline *line, uint16_t sequence, uint32_t timestamp, double now, struct position *found);

/* The position of a frame of ours after the last packet; the next received one begins an epoch. */
struct position timeline_append_frame(struct timeline *line);

static inline void timeline_interrupt(struct timeline *line) { line->broken = true; }

/* Whether a listener would conceal a gap if the next packet did not come. */
static inline bool timeline_is_flowing(const struct timeline *line, double now)
{
    return line->top >= 0 && now - line->top_time <= FLOWING_SECONDS;
}

#endif

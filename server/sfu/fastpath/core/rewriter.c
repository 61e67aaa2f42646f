#include "rewriter.h"

#include <math.h>

#include "rtp.h"

void rewriter_init(struct rewriter *rewriter, struct track track, uint16_t first_sequence, uint32_t first_timestamp)
{
    *rewriter = (struct rewriter){
        .top_sequence = (int64_t)first_sequence - 1,
        .top_timestamp = (int64_t)first_timestamp - track.frame_samples,
        .previous_top = (int64_t)first_sequence - 1,
        .clock_rate = track.clock_rate,
        .frame_samples = track.frame_samples,
    };
}

void rewriter_interrupt(struct rewriter *rewriter)
{
    if (!rewriter->current.source)
        return;
    rewriter->previous = rewriter->current;
    rewriter->previous_top = rewriter->top_sequence;
    rewriter->current.source = 0;
}

void rewriter_begin(
    struct rewriter *rewriter, uint64_t source, int64_t sequence, int64_t timestamp, double now, bool red)
{
    int64_t elapsed = rewriter->started ? llrint((now - rewriter->top_time) * rewriter->clock_rate) : 0;
    rewriter->started = true;
    rewriter_interrupt(rewriter);
    int64_t advance = elapsed > rewriter->frame_samples ? elapsed : rewriter->frame_samples;
    int64_t next_timestamp = rewriter->top_timestamp + advance;
    rewriter->current = (struct mapping){
        .source = source,
        .first = sequence,
        .sequence_offset = rewriter->top_sequence + 1 - sequence,
        .timestamp_offset = next_timestamp - timestamp,
        .red = red,
    };
}

struct numbers rewriter_append(struct rewriter *rewriter)
{
    rewriter_interrupt(rewriter);
    rewriter->top_sequence++;
    rewriter->top_timestamp += rewriter->frame_samples;
    rewriter->top_time += (double)rewriter->frame_samples / rewriter->clock_rate;
    return (struct numbers){rewriter->top_sequence, (uint32_t)rewriter->top_timestamp};
}

const struct mapping *rewriter_locate(const struct rewriter *rewriter, uint16_t outgoing, int64_t *sequence)
{
    int64_t number = unwrap16(outgoing, rewriter->top_sequence);
    const struct mapping *mappings[] = {&rewriter->current, &rewriter->previous};
    const int64_t tops[] = {rewriter->top_sequence, rewriter->previous_top};
    for (unsigned i = 0; i < 2; i++) {
        int64_t candidate = number - mappings[i]->sequence_offset;
        if (mappings[i]->source && mappings[i]->first <= candidate && number <= tops[i]) {
            *sequence = candidate;
            return mappings[i];
        }
    }
    return NULL;
}

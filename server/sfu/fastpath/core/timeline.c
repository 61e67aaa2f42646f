#include "timeline.h"

#include <math.h>

#include "rtp.h"

/* A timestamp further ahead of the clock than this is a restart. */
#define MAX_LEAD_SECONDS 5.0

void timeline_init(struct timeline *line, struct track track)
{
    *line = (struct timeline){
        .top = -1,
        .clock_rate = track.clock_rate,
        .frame_samples = track.frame_samples,
        .broken = true,
    };
}

static struct position begin(struct timeline *line, uint16_t sequence, uint32_t timestamp, double now)
{
    int64_t elapsed = line->top >= 0 ? llrint((now - line->top_time) * line->clock_rate) : 0;
    line->top++;
    line->first = line->top;
    line->top_timestamp += elapsed > line->frame_samples ? elapsed : line->frame_samples;
    line->top_time = now;
    line->broken = false;
    line->input_top = sequence;
    line->sequence_offset = line->top - sequence;
    line->timestamp_offset = line->top_timestamp - timestamp;
    return (struct position){line->top, line->top_timestamp, true};
}

static bool is_restart(const struct timeline *line, int64_t sequence, int64_t timestamp, double now)
{
    int64_t advance = timestamp - line->top_timestamp;
    double elapsed = (now - line->top_time) * line->clock_rate;
    double most = elapsed + MAX_LEAD_SECONDS * line->clock_rate;
    return sequence - line->input_top > MAX_DROPOUT || advance < 0 || (double)advance > most;
}

bool timeline_place(
    struct timeline *line, uint16_t sequence, uint32_t timestamp, double now, struct position *found)
{
    if (line->broken) {
        *found = begin(line, sequence, timestamp, now);
        return true;
    }
    int64_t input = unwrap16(sequence, line->input_top);
    int64_t placed = unwrap32(timestamp, line->top_timestamp - line->timestamp_offset) + line->timestamp_offset;
    if (input > line->input_top) {
        if (is_restart(line, input, placed, now)) {
            *found = begin(line, sequence, timestamp, now);
            return true;
        }
        line->input_top = input;
        line->top = input + line->sequence_offset;
        line->top_timestamp = placed;
        line->top_time = now;
    }
    *found = (struct position){input + line->sequence_offset, placed, false};
    return found->sequence >= line->first;
}

struct position timeline_append_frame(struct timeline *line)
{
    line->top++;
    line->top_timestamp += line->frame_samples;
    line->top_time += (double)line->frame_samples / line->clock_rate;
    line->broken = true;
    return (struct position){line->top, line->top_timestamp, false};
}

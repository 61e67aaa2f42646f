#include "reception.h"

#include <math.h>

#include "rtp.h"

void reception_init(struct reception *reception, uint32_t clock_rate)
{
    *reception = (struct reception){.reported_at = -INFINITY, .clock_rate = clock_rate};
}

void reception_restart(struct reception *reception) { reception->has_arrival = false; }

static bool is_restart(const struct reception *reception, uint16_t sequence)
{
    return unwrap16(sequence, reception->highest) - reception->highest > MAX_DROPOUT;
}

static void update_jitter(struct reception *reception, uint32_t timestamp, double now)
{
    double advance = (double)(unwrap32(timestamp, reception->timestamp) - reception->timestamp);
    double difference = fabs((now - reception->arrival) * reception->clock_rate - advance);
    if (difference < reception->clock_rate) /* more is a restart, not jitter */
        reception->jitter += (difference - reception->jitter) / 16;
}

void reception_on_packet(
    struct reception *reception, uint16_t sequence, uint32_t timestamp, double now, bool repaired)
{
    if (!reception->has_highest || !reception->has_arrival || is_restart(reception, sequence)) {
        reception->highest = reception->highest ? unwrap16(sequence, reception->highest) : sequence;
        reception->has_highest = true;
        reception->counted_to = reception->highest - 1;
        reception->received = 0;
    } else {
        int64_t number = unwrap16(sequence, reception->highest);
        if (number > reception->highest)
            reception->highest = number;
        if (!repaired)
            update_jitter(reception, timestamp, now);
    }
    if (!repaired) {
        reception->timestamp = timestamp;
        reception->arrival = now;
        reception->has_arrival = true;
        reception->received++;
    }
}

void reception_on_sender_report(struct reception *reception, uint32_t ntp_middle, double now)
{
    reception->has_sender_report = true;
    reception->sender_report_ntp = ntp_middle;
    reception->sender_report_at = now;
}

bool reception_report(struct reception *reception, uint32_t ssrc, double downlink_loss, double now,
    struct report_block *block)
{
    if (!reception->has_highest || reception->highest == reception->counted_to)
        return false;
    double expected = (double)(reception->highest - reception->counted_to);
    reception->loss = fmax(0.0, fmin(1.0, (expected - (double)reception->received) / expected));
    reception->counted_to = reception->highest;
    reception->received = 0;
    reception->reported_at = now;
    double reported_loss = fmax(reception->loss, downlink_loss);
    reception->reported_lost += llrint(reported_loss * expected);
    if (reception->reported_lost > 0x7FFFFF)
        reception->reported_lost = 0x7FFFFF;
    *block = (struct report_block){
        .ssrc = ssrc,
        .fraction_lost = (uint8_t)fmin(255, reported_loss * 256),
        .cumulative_lost = (int32_t)reception->reported_lost,
        .highest_sequence = (uint32_t)reception->highest,
        .jitter = (uint32_t)reception->jitter,
    };
    if (reception->has_sender_report) {
        block->last_sender_report = reception->sender_report_ntp;
        block->delay_since = (uint32_t)(int64_t)((now - reception->sender_report_at) * 65536);
    }
    return true;
}

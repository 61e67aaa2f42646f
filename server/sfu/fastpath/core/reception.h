/* Loss and jitter of a publisher's packets, for receiver reports (RFC 3550 sections 6.4.1, A.3 and A.8).
 *
 * Loss is counted before repair: a packet that came only after a NACK counts as lost, since the encoder's FEC is meant
 * to answer its loss. */
#ifndef PARLOR_RECEPTION_H
#define PARLOR_RECEPTION_H

#include "rtcp.h"

#define REPORT_VALID_SECONDS 5.0

struct reception {
    double loss; /* in the last report's interval, 0 to 1 */
    double reported_at;
    bool has_highest, has_arrival, has_sender_report;
    uint32_t clock_rate; /* of the track */
    int64_t highest, counted_to;
    int64_t received, reported_lost;
    double jitter; /* RTP ticks */
    uint32_t timestamp;
    double arrival;
    uint32_t sender_report_ntp;
    double sender_report_at;
};

void reception_init(struct reception *reception, uint32_t clock_rate);
/* The next packet follows no other: after a mute, packets dropped meanwhile do not count as lost. */
void reception_restart(struct reception *reception);
void reception_on_packet(
    struct reception *reception, uint16_t sequence, uint32_t timestamp, double now, bool repaired);
void reception_on_sender_report(struct reception *reception, uint32_t ntp_middle, double now);

/* The block for the publisher; false if nothing came since the last report. `downlink_loss` (0 to 1) is that of its
 * worst subscriber. The larger of it and the uplink's loss is reported, so that the encoder's FEC covers both. */
bool reception_report(struct reception *reception, uint32_t ssrc, double downlink_loss, double now,
    struct report_block *block);

#endif

/* How well a publisher's packets arrive, for receiver reports (RFC 3550 sections 6.4.1, A.3 and A.8).
 *
 * Loss is counted before it is repaired: a packet that came only after we asked again counts as lost, since its
 * loss is what the encoder's FEC is to answer. */
#ifndef PARLOR_RECEPTION_H
#define PARLOR_RECEPTION_H

#include "rtcp.h"

#define REPORT_VALID_SECONDS 5.0

struct reception {
    double loss; /* of the last report's interval, 0 to 1 */
    double reported_at;
    bool has_highest, has_arrival, has_sender_report;
    int64_t highest, counted_to;
    int64_t received, reported_lost;
    double jitter; /* RTP ticks */
    uint32_t timestamp;
    double arrival;
    uint32_t sender_report_ntp;
    double sender_report_at;
};

void reception_init(struct reception *reception);
/* The next packet follows no other: after a mute nothing of what was dropped counts as lost. */
void reception_restart(struct reception *reception);
void reception_on_packet(
    struct reception *reception, uint16_t sequence, uint32_t timestamp, double now, bool repaired);
void reception_on_sender_report(struct reception *reception, uint32_t ntp_middle, double now);

/* What to tell the publisher; false if nothing came since the last report. `downlink_loss` (0 to 1) is that of its
 * worst subscriber: the larger of it and the uplink's is told, so that the encoder's FEC answers to both. */
bool reception_report(struct reception *reception, uint32_t ssrc, double downlink_loss, double now,
    struct report_block *block);

#endif

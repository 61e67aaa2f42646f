/* RTCP with a peer: our reports once a second, our NACKs, and its reports and NACKs.
 *
 * There is never a BYE: a slot outlives every publisher that it carries. */
#ifndef PARLOR_REPORTS_H
#define PARLOR_REPORTS_H

#include "core.h"

/* Every second, at the peer's own offset, so that peers that joined together, or whose reports were delayed, do not keep
 * reporting in one burst (RFC 3550 section 6.2 varies the interval for that). */
double reports_next(const struct peer *peer, double now);

/* Sender reports of its slots, a receiver report of its uplink. */
void reports_send(struct core *core, struct peer *peer, double now);

/* Send a NACK to the publisher if packets are due to be requested. */
void reports_request_missing(struct core *core, struct peer *peer, double now);

/* Handle a decrypted compound packet. Returns DROP_NONE or the reason for dropping it. */
enum drop reports_take(struct core *core, struct peer *peer, const uint8_t *data, size_t size, double now);

/* Publish the peer's link quality. */
void reports_publish_quality(struct peer *peer, double now);

#endif

/* RTCP of a peer: what we tell it once a second and ask it for, and what it tells us.
 *
 * Never a BYE: a slot outlives every publisher that it carries. */
#ifndef PARLOR_REPORTS_H
#define PARLOR_REPORTS_H

#include "core.h"

/* Each second, at the peer's own place in it: people who joined at once, or whose reports something held up, do not go on
 * reporting in one burst (for which RFC 3550 section 6.2 varies the interval). */
double reports_next(const struct peer *peer, double now);

/* Sender reports of its slots, a receiver report of its uplink. */
void reports_send(struct core *core, struct peer *peer, double now);

/* Ask a publisher again for what is missing, if anything is due. */
void reports_request_missing(struct core *core, struct peer *peer, double now);

/* A decrypted compound packet; DROP_NONE, or why not. */
enum drop reports_take(struct core *core, struct peer *peer, const uint8_t *data, size_t size, double now);

/* Make the peer's link quality known. */
void reports_publish_quality(struct peer *peer, double now);

#endif

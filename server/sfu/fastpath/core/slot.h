/* Sending: a slot turns a publisher's packet into one of its own stream, encrypted for its subscriber. */
#ifndef PARLOR_SLOT_H
#define PARLOR_SLOT_H

#include "core.h"
#include "peer.h"

/* Carry the packets of this publisher from now on, or of none (NULL). A publisher that leaves while speaking is closed
 * with a few frames of silence, as mute does, without concealment. */
void slot_carry(struct core *core, struct slot *slot, struct peer *publisher, double now);

void slot_forward(struct core *core, struct slot *slot, struct packet *packet, double now);

/* Answer a NACK with the bytes sent under this number, if they are still in the history. */
void slot_retransmit(struct core *core, struct slot *slot, uint16_t outgoing);

/* The RTP timestamp of `now`, for sender reports. */
uint32_t slot_timestamp_at(const struct slot *slot, double now);

bool slot_is_reported(const struct slot *slot, double now);

/* As last reported, 0 to 1; 0 if that was too long ago. */
double slot_loss(const struct slot *slot, double now);

#endif

#include "peer.h"

#include <math.h>
#include <stdlib.h>

#define ASSUMED_ROUND_TRIP 0.100
#define RETRANSMISSIONS_PER_SECOND 300.0
#define RETRANSMISSION_BURST 150.0 /* twelve slots that lose a fifth of 50 packets a second ask for 120 */
#define CHECKS_PER_SECOND 100.0 /* browsers send one every 2 to 5 s; what exceeds it goes to Python */
#define CHECK_BURST 20.0
#define PACKETS_PER_SECOND 200.0 /* browsers send 50, at most 100 (minptime=10) */
#define PACKET_BURST 400.0 /* what a radio link delivers after a gap of 8 s */

static bool init_publisher(struct publisher *publisher, const struct peer_spec *spec)
{
    publisher->csrc[3] = spec->number;
    publisher->answer.red_payload_type = NO_PAYLOAD_TYPE;
    publisher->gate.state = spec->is_muted ? GATE_CLOSED : GATE_OPEN;
    timeline_init(&publisher->timeline, spec->track);
    reception_init(&publisher->reception, spec->track.clock_rate);
    speaking_init(&publisher->speaking);
    dominance_forget(&publisher->dominance);
    nack_init(&publisher->nack);
    publisher->arrivals = token_bucket_of(PACKETS_PER_SECOND, PACKET_BURST);
    return history_init(&publisher->history);
}

static void init_slot(struct slot *slot, struct peer *subscriber, uint32_t ssrc, const uint8_t random[8])
{
    slot->subscriber = subscriber;
    slot->ssrc = ssrc;
    slot->reported_at = -INFINITY;
    uint16_t first = (uint16_t)(1 + get32(random) % 0x7FFE);
    rewriter_init(&slot->rewriter, MICROPHONE, first, get32(random + 4));
}

struct peer *peer_new(const struct peer_spec *spec)
{
    if (spec->slot_count > MAX_SLOTS)
        return NULL;
    struct peer *peer = calloc(1, sizeof *peer + spec->slot_count * sizeof *peer->slots);
    if (!peer)
        return NULL;
    peer->handle = spec->handle;
    peer->room_number = spec->room_number;
    peer->always_forwarded = spec->always_forwarded;
    peer->checks = token_bucket_of(CHECKS_PER_SECOND, CHECK_BURST);
    peer->retransmissions = token_bucket_of(RETRANSMISSIONS_PER_SECOND, RETRANSMISSION_BURST);
    peer->round_trip = ASSUMED_ROUND_TRIP;
    peer->alive_at = peer->check_reported_at = -INFINITY;
    peer->quality.uplink_loss = peer->quality.uplink_jitter = NAN;
    peer->quality.downlink_loss = peer->quality.downlink_jitter = NAN;
    peer->quality.round_trip = (float)ASSUMED_ROUND_TRIP;
    if (!init_publisher(&peer->publisher, spec)) {
        peer_free(peer);
        return NULL;
    }
    peer->slot_count = spec->slot_count;
    for (unsigned i = 0; i < spec->slot_count; i++)
        init_slot(&peer->slots[i], peer, spec->slot_ssrcs[i], spec->random + 8 * i);
    return peer;
}

void peer_free(struct peer *peer)
{
    if (!peer)
        return;
    history_free(&peer->publisher.history);
    free(peer);
}

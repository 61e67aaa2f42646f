/* A participant's media connection, and its slots.
 *
 * Memory: a peer is allocated and freed by the caller of the core, never by the core. From `core_add_peer` until
 * `core_remove_peer` has returned, the core alone uses it and its SRTP sessions; after that nothing in the core
 * refers to either. */
#ifndef PARLOR_PEER_H
#define PARLOR_PEER_H

#include <stdatomic.h>

#include "address.h"
#include "token_bucket.h"
#include "consent.h"
#include "dominant.h"
#include "history.h"
#include "levels.h"
#include "mute.h"
#include "nack.h"
#include "reception.h"
#include "rewriter.h"
#include "seal.h"
#include "timeline.h"
#include "track.h"

enum {
    MAX_SLOTS = 64,
    MAX_RTCP_SOURCES = 40, /* Firefox reports each m-line from an SSRC of its own; each costs libsrtp a stream */
    NO_PAYLOAD_TYPE = 0xFF,
};

struct peer;

/* One outgoing audio m-line of a subscriber, which carries one publisher at a time. A member of the list of its
 * publisher's slots. */
struct slot {
    struct slot *next, *previous;
    struct peer *publisher, *subscriber;
    uint32_t ssrc;
    int64_t first_index; /* the sequence number that has index 0 under the present keys */
    uint32_t packets, octets; /* of payload, both for sender reports (RFC 3550 section 6.4.1) */
    struct rewriter rewriter;
    double loss, jitter, reported_at; /* reported by the subscriber */
};

/* Parameters of the answer: packets with another SSRC or payload type are dropped before decryption. */
struct answer {
    bool has_ssrc, has_levels, red_slots;
    uint32_t ssrc;
    uint8_t opus_payload_type, red_payload_type;
};

/* The sending side of a peer. */
struct publisher {
    struct slot *first_slot, *last_slot;
    uint8_t csrc[4];
    struct answer answer;
    struct mute_gate gate;
    struct timeline timeline;
    struct reception reception;
    struct speaking_detector speaking;
    struct dominance dominance;
    double energy, energy_at; /* for loudest-k */
    bool has_energy;
    struct nack_generator nack;
    struct token_bucket arrivals;
    struct history history;
};

/* For /metrics: written by the core, read by anyone. Not a number: no report for 5 s. */
struct quality {
    _Atomic float uplink_loss, uplink_jitter, downlink_loss, downlink_jitter, round_trip;
};

struct peer {
    uint32_t handle;
    uint64_t id; /* never reused; mappings name publishers by it */
    uint64_t room_number;
    struct room *room;
    struct peer *next, *previous;                   /* of all peers */
    struct peer *next_in_room, *previous_in_room;
    struct peer *next_leaving; /* the shell's, after removal */
    void *rx, *tx; /* srtp_t; NULL before the handshake is done */
    struct seal seal;
    bool always_forwarded;

    /* The receiving side. */
    bool has_destination, wants_red;
    struct address destination;
    struct token_bucket retransmissions;

    /* Its consent checks. */
    struct consent consent;
    struct token_bucket checks;
    bool has_reported_nomination;
    double check_reported_at;

    /* Time and source of its last authentic packet, and its known RTCP senders. */
    bool is_alive_known;
    struct address alive_address;
    double alive_at;
    unsigned rtcp_source_count;
    uint32_t rtcp_sources[MAX_RTCP_SOURCES];

    double round_trip, report_at;
    struct quality quality;
    struct publisher publisher;

    atomic_bool is_released; /* set by the shell once the core has released it */
    unsigned slot_count;
    struct slot slots[];
};

static inline bool peer_is_ready(const struct peer *peer) { return peer->tx && peer->has_destination; }

/* Our SSRC in RTCP to this peer. */
static inline uint32_t peer_rtcp_ssrc(const struct peer *peer) { return peer->slot_count ? peer->slots[0].ssrc : 1; }

struct peer_spec {
    uint32_t handle;
    uint64_t room_number;
    uint8_t number; /* CSRC of its packets downlink */
    bool is_muted, always_forwarded;
    struct track track; /* what it publishes */
    unsigned slot_count;
    const uint32_t *slot_ssrcs;
    const uint8_t *random; /* 8 bytes a slot, for its first numbers */
};

/* NULL: no memory, or more than MAX_SLOTS. */
struct peer *peer_new(const struct peer_spec *spec);
/* NULL too. */
void peer_free(struct peer *peer);

#endif

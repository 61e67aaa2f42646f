/* The data plane without I/O: no clock, no socket, no thread. `now` (seconds) comes in, datagrams go out through the
 * outbox, events through the listener. Deterministic: the same calls give the same bytes.
 *
 * Mirrors server/sfu/forwarding, file by file; both backends pass the same contract tests and vectors.
 *
 * Invariants:
 * - one thread at a time calls the core, and it alone uses the added peers and their sessions;
 * - after `core_remove_peer` nothing refers to the peer: not a slot, a room or a map; mappings name ids;
 * - no allocation after `core_init`; every read of a datagram is bounded by its size. */
#ifndef PARLOR_CORE_H
#define PARLOR_CORE_H

#include "consent.h"
#include "counters.h"
#include "map.h"
#include "outbox.h"
#include "peer.h"
#include "red.h"
#include "rtp.h"
#include "seal.h"
#include "srtp.h"

/* Called from within the core; must not call it. */
struct listener {
    void *context;
    /* An authentic packet came from `address`: reported if that is new, otherwise every 500 ms. False: it could not be
     * taken now, report it again. */
    bool (*alive)(void *context, uint32_t peer, const struct address *address, bool is_new, double now);
    /* A consent check from `address` was answered: reported every 500 ms at most. False as above. */
    bool (*consent_checked)(void *context, uint32_t peer, const struct address *address, bool nominates, double now);
    void (*speaking)(void *context, uint32_t peer, bool speaking, int level);
    /* `peer` 0: none. */
    void (*dominant)(void *context, uint64_t room, uint32_t peer);
};

struct core_options {
    bool nack;
    unsigned forward_loudest; /* 0 forwards everyone */
    unsigned capacity;        /* peers */
};

struct core {
    struct srtp_functions srtp;
    struct gcm_functions gcm;
    struct mac mac;
    struct core_options options;
    struct outbox *outbox;
    struct listener listener;
    struct counters counters;
    struct peer *first, *last;
    struct map by_handle, by_id, rooms;
    struct room *room_memory, *first_room, *free_rooms;
    uint64_t next_id;
    double now;
};

/* `gcm` NULL: libsrtp encrypts everything. `mac` NULL: the core answers no checks. False: no memory. */
bool core_init(struct core *core, const struct core_options *options, const struct srtp_functions *srtp,
    const struct gcm_functions *gcm, const struct mac *mac, struct outbox *outbox, const struct listener *listener);

/* Peers that are still in it are released, not freed. */
void core_free(struct core *core);

/* Commands. Those about an unknown handle do nothing. */

/* A peer with the same handle must have been removed. False: no room for it. */
bool core_add_peer(struct core *core, struct peer *peer);
void core_set_answer(struct core *core, uint32_t handle, const struct answer *answer);
/* `seal` NULL: libsrtp encrypts RTP too. */
void core_set_sessions(struct core *core, uint32_t handle, void *rx, void *tx, const struct seal *seal);
/* NULL: no destination. */
void core_set_destination(struct core *core, uint32_t handle, const struct address *address);
/* Credentials of its checks; without a name they go to the control plane. */
void core_set_consent(struct core *core, uint32_t handle, const struct consent *consent);
void core_set_muted(struct core *core, uint32_t handle, bool muted, bool at_once, double now);
/* Element i is the publisher that slot i carries from now on; 0: none. */
void core_assign(
    struct core *core, uint32_t subscriber, const uint32_t *publishers, unsigned count, double now);
/* The peer, now the caller's to free, or NULL. */
struct peer *core_remove_peer(struct core *core, uint32_t handle);

/* An RTP or RTCP datagram (first byte 128 to 191, RFC 7983) from a checked address of the peer. Decrypted in place:
 * `datagram` must be 4-byte aligned. */
void core_receive(struct core *core, uint32_t handle, uint8_t *datagram, size_t size,
    const struct address *address, double now);

/* Answers a STUN datagram (first byte 0 to 3) that is a consent check from the peer's destination; false for others. */
bool core_check(struct core *core, uint32_t handle, const uint8_t *datagram, size_t size, const struct address *from,
    double now);

/* Run what is due by time: call every 10 to 20 ms. */
void core_tick(struct core *core, double now);

/* For the files of the core. */

static inline void core_drop(struct core *core, enum drop reason) { count(&core->counters.dropped[reason], 1); }

static inline void core_count_out(struct core *core, uint64_t packets, uint64_t bytes)
{
    count(&core->counters.packets_out, packets);
    count(&core->counters.bytes_out, bytes);
}

static inline struct peer *core_find(const struct core *core, uint32_t handle)
{
    return map_get(&core->by_handle, handle);
}

/* Prefetch a peer's state before its datagram is processed. */
static inline void core_prefetch(const struct core *core, uint32_t handle)
{
    const struct peer *peer = core_find(core, handle);
    if (!peer)
        return;
    __builtin_prefetch(&peer->rx);
    __builtin_prefetch(&peer->alive_address);
    const char *publisher = (const char *)&peer->publisher;
    for (size_t at = 0; at < offsetof(struct publisher, dominance); at += 64)
        __builtin_prefetch(publisher + at);
}

static inline struct peer *core_find_source(const struct core *core, uint64_t id)
{
    return map_get(&core->by_id, id);
}

#endif

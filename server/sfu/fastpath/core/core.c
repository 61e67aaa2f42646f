#include "core.h"

#include <stdlib.h>

#include "publisher.h"
#include "reports.h"
#include "room.h"
#include "slot.h"

#define LIVENESS_SECONDS 0.500 /* how often an authentic packet is decrypted and reported for liveness */

bool core_init(struct core *core, const struct core_options *options, const struct srtp_functions *srtp,
    const struct gcm_functions *gcm, const struct mac *mac, struct outbox *outbox, const struct listener *listener)
{
    memset(core, 0, sizeof *core);
    core->options = *options;
    core->srtp = *srtp;
    if (gcm)
        core->gcm = *gcm;
    if (mac)
        core->mac = *mac;
    core->outbox = outbox;
    core->listener = *listener;
    core->next_id = 1;
    dominance_prepare();
    core->room_memory = calloc(options->capacity, sizeof *core->room_memory);
    if (!core->room_memory || !map_init(&core->by_handle, options->capacity)
        || !map_init(&core->by_id, options->capacity) || !map_init(&core->rooms, options->capacity)) {
        core_free(core);
        return false;
    }
    for (unsigned i = 0; i < options->capacity; i++) {
        core->room_memory[i].next = core->free_rooms;
        core->free_rooms = &core->room_memory[i];
    }
    return true;
}

void core_free(struct core *core)
{
    map_free(&core->by_handle);
    map_free(&core->by_id);
    map_free(&core->rooms);
    free(core->room_memory);
    core->room_memory = NULL;
}

/* A slot needs its subscriber's memory, which is seldom cached on a busy node: it is prefetched while the slots before
 * it are served. */
static struct slot *fetch_ahead(struct slot *slot)
{
    if (!slot)
        return NULL;
    __builtin_prefetch(slot->subscriber->seal.context);
    __builtin_prefetch(&slot->subscriber->destination);
    struct slot *next = slot->next;
    if (next) {
        __builtin_prefetch(&next->subscriber->seal);
        for (size_t at = 64; at < sizeof *next; at += 64)
            __builtin_prefetch((const char *)next + at);
    }
    return next;
}

/* Send packets to all slots that carry the publisher. */
static void fan_out(
    struct core *core, struct publisher *publisher, struct packet *const *packets, unsigned count, double now)
{
    for (unsigned i = 0; i < count; i++) {
        struct slot *ahead = fetch_ahead(publisher->first_slot);
        for (struct slot *slot = publisher->first_slot; slot; slot = slot->next) {
            ahead = fetch_ahead(ahead);
            slot_forward(core, slot, packets[i], now);
        }
    }
}

static void apply(struct core *core, struct publisher *publisher, enum effect effect, double now)
{
    struct packet *packets[SILENCE_FRAMES];
    if (effect != EFFECT_NONE)
        fan_out(core, publisher, packets, publisher_apply(publisher, effect, now, packets), now);
}

/* Commands */

static struct room *enter_room(struct core *core, struct peer *peer)
{
    struct room *room = map_get(&core->rooms, peer->room_number);
    if (!room) {
        room = core->free_rooms;
        if (!room || !map_put(&core->rooms, peer->room_number, room))
            return NULL;
        core->free_rooms = room->next;
        *room = (struct room){.number = peer->room_number, .next = core->first_room};
        if (core->first_room)
            core->first_room->previous = room;
        core->first_room = room;
    }
    room_enter(room, peer);
    return room;
}

static void leave_room(struct core *core, struct peer *peer)
{
    struct room *room = peer->room;
    room_leave(room, peer);
    if (room->first)
        return;
    map_remove(&core->rooms, room->number);
    *(room->previous ? &room->previous->next : &core->first_room) = room->next;
    if (room->next)
        room->next->previous = room->previous;
    room->next = core->free_rooms;
    core->free_rooms = room;
}

static void forget_voice(struct core *core, struct peer *peer)
{
    if (room_forget_voice(peer->room, peer))
        core->listener.dominant(core->listener.context, peer->room->number, 0);
}

bool core_add_peer(struct core *core, struct peer *peer)
{
    if (core_find(core, peer->handle) || !map_put(&core->by_handle, peer->handle, peer))
        return false;
    peer->id = core->next_id++;
    if (!map_put(&core->by_id, peer->id, peer) || !enter_room(core, peer)) {
        map_remove(&core->by_id, peer->id);
        map_remove(&core->by_handle, peer->handle);
        return false;
    }
    peer->next = NULL;
    peer->previous = core->last;
    *(core->last ? &core->last->next : &core->first) = peer;
    core->last = peer;
    return true;
}

static void interrupt_slots(struct peer *peer)
{
    for (unsigned i = 0; i < peer->slot_count; i++)
        rewriter_interrupt(&peer->slots[i].rewriter);
}

void core_set_answer(struct core *core, uint32_t handle, const struct answer *answer)
{
    struct peer *peer = core_find(core, handle);
    if (!peer)
        return;
    publisher_set_answer(&peer->publisher, answer);
    if (peer->wants_red != answer->red_slots) {
        peer->wants_red = answer->red_slots;
        interrupt_slots(peer);
    }
}

void core_set_sessions(struct core *core, uint32_t handle, void *rx, void *tx, const struct seal *seal)
{
    struct peer *peer = core_find(core, handle);
    if (!peer)
        return;
    peer->rx = rx;
    peer->tx = tx;
    peer->seal = seal ? *seal : (struct seal){0};
    for (unsigned i = 0; i < peer->slot_count; i++) /* the other side counts rollovers from here (RFC 3711 section 3.3.1) */
        peer->slots[i].first_index = (peer->slots[i].rewriter.top_sequence + 1) & ~(int64_t)0xFFFF;
}

static void set_destination(struct peer *peer, const struct address *address)
{
    bool was_ready = peer_is_ready(peer);
    peer->has_destination = address != NULL;
    if (address)
        peer->destination = *address;
    if (was_ready && !peer_is_ready(peer))
        interrupt_slots(peer);
}

void core_set_destination(struct core *core, uint32_t handle, const struct address *address)
{
    struct peer *peer = core_find(core, handle);
    if (peer)
        set_destination(peer, address);
}

void core_set_muted(struct core *core, uint32_t handle, bool muted, bool at_once, double now)
{
    struct peer *peer = core_find(core, handle);
    if (!peer)
        return;
    enum signal signal = !muted ? UNMUTE : at_once ? MUTE_NOW : MUTE_SOON;
    apply(core, &peer->publisher, mute_signal(&peer->publisher.gate, signal, now), now);
    if (!muted)
        return;
    if (speaking_stop(&peer->publisher.speaking))
        core->listener.speaking(core->listener.context, handle, false, -LEVEL_SILENCE);
    forget_voice(core, peer);
}

void core_assign(
    struct core *core, uint32_t subscriber, const uint32_t *publishers, unsigned count, double now)
{
    struct peer *peer = core_find(core, subscriber);
    for (unsigned i = 0; peer && i < peer->slot_count; i++) {
        struct peer *publisher = i < count && publishers[i] ? core_find(core, publishers[i]) : NULL;
        bool is_here = publisher && publisher->room == peer->room;
        slot_carry(core, &peer->slots[i], is_here ? publisher : NULL, now);
    }
}

struct peer *core_remove_peer(struct core *core, uint32_t handle)
{
    struct peer *peer = core_find(core, handle);
    if (!peer)
        return NULL;
    while (peer->publisher.first_slot)
        slot_carry(core, peer->publisher.first_slot, NULL, core->now);
    set_destination(peer, NULL);
    peer->rx = peer->tx = peer->seal.context = NULL;
    for (unsigned i = 0; i < peer->slot_count; i++)
        slot_carry(core, &peer->slots[i], NULL, core->now);
    forget_voice(core, peer);
    leave_room(core, peer);
    map_remove(&core->by_handle, handle);
    map_remove(&core->by_id, peer->id);
    *(peer->previous ? &peer->previous->next : &core->first) = peer->next;
    *(peer->next ? &peer->next->previous : &core->last) = peer->previous;
    return peer;
}

/* Packets */

static bool is_new_address(const struct peer *peer, const struct address *address)
{
    return !peer->is_alive_known || !address_equals(address, &peer->alive_address);
}

/* Whether an authentic packet would show something new: another address, or life after 500 ms. A muted peer's packets
 * are decrypted only for this; it also keeps libsrtp's rollover counter within 2^15 of the sender's. */
static bool is_liveness_due(const struct peer *peer, const struct address *address, double now)
{
    return now - peer->alive_at >= LIVENESS_SECONDS || is_new_address(peer, address);
}

static void note_alive(struct core *core, struct peer *peer, const struct address *address, double now)
{
    if (!is_liveness_due(peer, address, now)
        || !core->listener.alive(core->listener.context, peer->handle, address, is_new_address(peer, address), now))
        return;
    peer->is_alive_known = true;
    peer->alive_at = now;
    peer->alive_address = *address;
}

static enum drop refusal(int status)
{
    return status == SRTP_REPLAYED || status == SRTP_TOO_OLD ? DROP_REPLAY : DROP_AUTH;
}

static void note_level(struct core *core, struct peer *peer, int level, double now)
{
    struct speaking_detector *speaking = &peer->publisher.speaking;
    dominance_on_level(&peer->publisher.dominance, level, now);
    if (speaking_on_level(speaking, level, now))
        core->listener.speaking(core->listener.context, peer->handle, speaking->is_speaking, -level);
}

static enum drop forward(struct core *core, struct peer *peer, const struct parsed *parsed, double now)
{
    struct publisher *publisher = &peer->publisher;
    enum effect effect = publisher_note_level(publisher, parsed->level, now);
    if (effect != EFFECT_NONE) {
        apply(core, publisher, effect, now);
        return DROP_MUTED;
    }
    publisher_note_arrival(publisher, &parsed->packet, now);
    if (!token_bucket_take(&publisher->arrivals, now)) {
        timeline_interrupt(&publisher->timeline);
        return DROP_TOO_MANY;
    }
    if (publisher->gate.state == GATE_OPEN)
        note_level(core, peer, parsed->level, now);
    unsigned loudest = peer->always_forwarded ? 0 : core->options.forward_loudest;
    if (!room_admits(peer->room, peer, loudest, parsed->level, now)) {
        timeline_interrupt(&publisher->timeline); /* the next forwarded one continues without a gap */
        return DROP_NOT_LOUDEST;
    }
    struct packet *packets[MAX_SEQUENCED];
    enum drop drop;
    unsigned count = publisher_assign_sequence(publisher, parsed, now, packets, &drop);
    if (count > 1) /* one RED packet may recover eight older ones, which go to all slots too */
        token_bucket_charge(&publisher->arrivals, count - 1);
    fan_out(core, publisher, packets, count, now);
    if (drop == DROP_NONE && core->options.nack)
        reports_request_missing(core, peer, now);
    return drop;
}

static enum drop receive_rtp(
    struct core *core, struct peer *peer, uint8_t *data, size_t size, const struct address *address, double now)
{
    struct publisher *publisher = &peer->publisher;
    enum drop refused = publisher_refuses(publisher, data);
    if (refused != DROP_NONE)
        return refused;
    bool is_muted = publisher->gate.state == GATE_CLOSED;
    if (is_muted && !is_liveness_due(peer, address, now))
        return DROP_MUTED;
    int length = (int)size;
    int status = core->srtp.unprotect(peer->rx, data, &length);
    if (status != SRTP_OK)
        return refusal(status);
    note_alive(core, peer, address, now);
    if (is_muted)
        return DROP_MUTED;
    struct parsed parsed;
    if (length < 0 || !publisher_parse(publisher, data, (size_t)length, &parsed))
        return DROP_MALFORMED;
    return forward(core, peer, &parsed, now);
}

static bool knows_rtcp_source(const struct peer *peer, uint32_t ssrc)
{
    for (unsigned i = 0; i < peer->rtcp_source_count; i++)
        if (peer->rtcp_sources[i] == ssrc)
            return true;
    return false;
}

static enum drop receive_rtcp(
    struct core *core, struct peer *peer, uint8_t *data, size_t size, const struct address *address, double now)
{
    uint32_t source = get32(data + 4);
    bool is_known = knows_rtcp_source(peer, source);
    if (!is_known && peer->rtcp_source_count == MAX_RTCP_SOURCES)
        return DROP_SSRC;
    int length = (int)size;
    int status = core->srtp.unprotect_rtcp(peer->rx, data, &length);
    if (status != SRTP_OK)
        return refusal(status);
    if (!is_known)
        peer->rtcp_sources[peer->rtcp_source_count++] = source;
    note_alive(core, peer, address, now);
    return length < 0 ? DROP_MALFORMED : reports_take(core, peer, data, (size_t)length, now);
}

void core_receive(struct core *core, uint32_t handle, uint8_t *datagram, size_t size,
    const struct address *address, double now)
{
    core->now = now;
    count(&core->counters.packets_in, 1);
    count(&core->counters.bytes_in, size);
    struct peer *peer = core_find(core, handle);
    enum drop drop;
    if (!peer || !peer->rx)
        drop = DROP_NO_SESSION;
    else if (size < RTP_HEADER || size > MAX_PACKET)
        drop = DROP_MALFORMED;
    else if (datagram[1] >= 192 && datagram[1] <= 223) /* RFC 5761 section 4 */
        drop = receive_rtcp(core, peer, datagram, size, address, now);
    else
        drop = receive_rtp(core, peer, datagram, size, address, now);
    if (drop != DROP_NONE)
        core_drop(core, drop);
}

/* Time */

static void tick_peer(struct core *core, struct peer *peer, double now)
{
    struct publisher *publisher = &peer->publisher;
    apply(core, publisher, mute_check(&publisher->gate, now), now);
    if (speaking_on_time(&publisher->speaking, now))
        core->listener.speaking(core->listener.context, peer->handle, false, -publisher->speaking.level);
    if (core->options.nack)
        reports_request_missing(core, peer, now);
    if (now >= peer->report_at) {
        peer->report_at = reports_next(peer, now);
        if (peer_is_ready(peer))
            reports_send(core, peer, now);
        reports_publish_quality(peer, now);
    }
}

void core_tick(struct core *core, double now)
{
    core->now = now;
    for (struct peer *peer = core->first; peer; peer = peer->next)
        tick_peer(core, peer, now);
    for (struct room *room = core->first_room; room; room = room->next) {
        if (room_on_time(room, now)) {
            uint32_t dominant = room->dominant ? room->dominant->handle : 0;
            core->listener.dominant(core->listener.context, room->number, dominant);
        }
    }
}

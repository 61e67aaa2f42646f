#include "reports.h"

#include <math.h>

#include "rtcp.h"
#include "slot.h"

enum { SLOTS_A_PACKET = 20 }; /* 28 bytes for each report and 20 for the name: below the MTU */
#define REPORT_SECONDS 1.0
#define GOLDEN 0.6180339887498949 /* its multiples spread evenly over a second for any number of peers */

double reports_next(const struct peer *peer, double now)
{
    double place = fmod(peer->handle * GOLDEN, 1) * REPORT_SECONDS;
    return ceil((now - place) / REPORT_SECONDS + 0.5) * REPORT_SECONDS + place;
}

static void send_rtcp(struct core *core, struct peer *peer, uint8_t *compound, size_t written)
{
    int size = (int)written;
    if (!peer_is_ready(peer) || core->srtp.protect_rtcp(peer->tx, compound, &size) != SRTP_OK)
        return;
    core_count_out(core, 0, (size_t)size);
    outbox_commit(core->outbox, (size_t)size, &peer->destination);
}

/* Loss of its worst subscriber, 0 to 1. */
static double downlink_loss(const struct publisher *publisher, double now)
{
    double worst = 0;
    for (const struct slot *slot = publisher->first_slot; slot; slot = slot->next)
        worst = fmax(worst, slot_loss(slot, now));
    return worst;
}

/* Reports of up to SLOTS_A_PACKET slots that have sent, from `*next` on, and their CNAMEs. */
static size_t write_sender_reports(
    struct peer *peer, unsigned *next, const struct report_block *block, double now, uint8_t *to)
{
    uint32_t named[SLOTS_A_PACKET];
    unsigned count = 0;
    size_t size = 0;
    for (; *next < peer->slot_count && count < SLOTS_A_PACKET; ++*next) {
        const struct slot *slot = &peer->slots[*next];
        if (!slot->packets)
            continue;
        size += rtcp_write_sender_report(to + size, slot->ssrc, now, slot_timestamp_at(slot, now), slot->packets,
            slot->octets, count == 0 ? block : NULL);
        named[count++] = slot->ssrc;
    }
    for (unsigned i = 0; i < count; i++)
        size += rtcp_write_source_description(to + size, named[i]);
    return size;
}

void reports_send(struct core *core, struct peer *peer, double now)
{
    struct publisher *publisher = &peer->publisher;
    struct report_block block;
    bool has_block = publisher->answer.has_ssrc
        && reception_report(
            &publisher->reception, publisher->answer.ssrc, downlink_loss(publisher, now), now, &block);
    const struct report_block *reported = has_block ? &block : NULL;
    bool has_sent = false;
    for (unsigned next = 0; next < peer->slot_count;) {
        uint8_t *compound = outbox_reserve(core->outbox);
        size_t size = write_sender_reports(peer, &next, has_sent ? NULL : reported, now, compound);
        if (size) {
            send_rtcp(core, peer, compound, size);
            has_sent = true;
        }
    }
    if (!has_sent) {
        uint8_t *compound = outbox_reserve(core->outbox);
        size_t size = rtcp_write_receiver_report(compound, peer_rtcp_ssrc(peer), reported);
        size += rtcp_write_source_description(compound + size, peer_rtcp_ssrc(peer));
        send_rtcp(core, peer, compound, size);
    }
}

void reports_request_missing(struct core *core, struct peer *peer, double now)
{
    struct publisher *publisher = &peer->publisher;
    if (!publisher->nack.count || !publisher->answer.has_ssrc || publisher->gate.state == GATE_CLOSED)
        return;
    uint16_t missing[MAX_MISSING];
    unsigned count = nack_due(&publisher->nack, now, peer->round_trip, missing);
    if (!count)
        return;
    uint8_t *compound = outbox_reserve(core->outbox);
    size_t size = rtcp_write_receiver_report(compound, peer_rtcp_ssrc(peer), NULL);
    size += rtcp_write_nack(compound + size, peer_rtcp_ssrc(peer), publisher->answer.ssrc, missing, count);
    send_rtcp(core, peer, compound, size);
}

static struct slot *slot_of(struct peer *peer, uint32_t ssrc)
{
    for (unsigned i = 0; i < peer->slot_count; i++)
        if (peer->slots[i].ssrc == ssrc)
            return &peer->slots[i];
    return NULL;
}

static void take_report(struct peer *peer, const struct rtcp_packet *report, double now)
{
    struct publisher *publisher = &peer->publisher;
    const struct answer *answer = &publisher->answer;
    if (report->type == RTCP_SENDER_REPORT && answer->has_ssrc && get32(report->body) == answer->ssrc)
        reception_on_sender_report(&publisher->reception, get32(report->body + 6), now);
    for (unsigned i = 0; i < report->count; i++) {
        struct report_block block = rtcp_block(report, i);
        struct slot *slot = slot_of(peer, block.ssrc);
        if (slot) {
            slot->loss = block.fraction_lost / 256.0;
            slot->jitter = (double)block.jitter / slot->rewriter.clock_rate;
            slot->reported_at = now;
        }
        double round_trip = rtcp_round_trip(&block, now);
        if (round_trip >= 0)
            peer->round_trip = round_trip;
    }
}

/* Answers at most `limit` of a NACK's numbers; returns how many it has read. */
static unsigned take_nack(
    struct core *core, struct peer *peer, const struct rtcp_packet *nack, unsigned limit, double now)
{
    struct slot *slot = slot_of(peer, get32(nack->body + 4));
    struct nack_cursor cursor = {0, 0};
    uint16_t sequence;
    unsigned named = 0;
    bool answers = slot != NULL;
    while (named < limit && rtcp_next_nacked(nack, &cursor, &sequence)) {
        named++;
        answers = answers && token_bucket_take(&peer->retransmissions, now);
        if (answers)
            slot_retransmit(core, slot, sequence);
    }
    return named;
}

enum drop reports_take(struct core *core, struct peer *peer, const uint8_t *data, size_t size, double now)
{
    if (!rtcp_is_well_formed(data, size))
        return DROP_MALFORMED;
    unsigned nacked = 0;
    for (size_t at = 0; at < size;) {
        struct rtcp_packet packet = rtcp_next(data, &at);
        if (packet.type == RTCP_SENDER_REPORT || packet.type == RTCP_RECEIVER_REPORT)
            take_report(peer, &packet, now);
        else if (packet.type == RTCP_FEEDBACK && packet.count == GENERIC_NACK && core->options.nack)
            nacked += take_nack(core, peer, &packet, MAX_NACKED - nacked, now);
    }
    reports_publish_quality(peer, now);
    return DROP_NONE;
}

static void publish(_Atomic float *to, double value)
{
    atomic_store_explicit(to, (float)value, memory_order_relaxed);
}

void reports_publish_quality(struct peer *peer, double now)
{
    const struct reception *uplink = &peer->publisher.reception;
    bool is_heard = now - uplink->reported_at < REPORT_VALID_SECONDS;
    double loss = NAN, jitter = NAN;
    for (unsigned i = 0; i < peer->slot_count; i++) {
        const struct slot *slot = &peer->slots[i];
        if (slot_is_reported(slot, now)) {
            loss = fmax(loss, slot->loss); /* fmax ignores NAN */
            jitter = fmax(jitter, slot->jitter);
        }
    }
    publish(&peer->quality.uplink_loss, is_heard ? uplink->loss : NAN);
    publish(&peer->quality.uplink_jitter, is_heard ? uplink->jitter / uplink->clock_rate : NAN);
    publish(&peer->quality.downlink_loss, loss);
    publish(&peer->quality.downlink_jitter, jitter);
    publish(&peer->quality.round_trip, peer->round_trip);
}
